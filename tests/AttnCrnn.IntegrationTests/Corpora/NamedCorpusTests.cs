using System.Text.Json.Nodes;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Readers;
using AttnCrnn.Corpora.Synthetic;
using AttnCrnn.Features;
using AttnCrnn.Formats.Wav;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.IntegrationTests.Corpora;

/// <summary>
/// Synthetic speech under the names of each corpus, through extraction, split or folds and training to the report. In
/// process: a process per step would take minutes.
/// </summary>
public sealed class NamedCorpusTests : IDisposable
{
    private const int Samples = 6_400; // 0.4 s
    private const int SampleRateHz = 16_000;

    private readonly TempFolder folder = new();

    public static TheoryData<string> Corpora => [.. CorpusLayout.All.Select(layout => layout.Corpus)];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_corpus_has_a_layout_but_for_the_one_with_a_workbook() =>
        Assert.Equal(
            CorpusReaders.All.Select(reader => reader.Name).Where(name => name != "EmoFilm").Order(),
            CorpusLayout.All.Select(layout => layout.Corpus).Order()
        );

    [Theory, MemberData(nameof(Corpora))]
    public async Task A_corpus_is_extracted_split_trained_and_reported_also_with_folds(string corpus)
    {
        var layout = CorpusLayout.All.Single(layout => layout.Corpus == corpus);
        WriteRecordings(layout);
        string[] extract = ["extract", folder.PathOf("corpus"), "--encoder", "log-mel", "--out", folder.PathOf("f")];
        var notices = await RunAsync([.. extract, .. layout.Extract]);
        Assert.Contains($"recognized as {corpus}", notices, StringComparison.Ordinal);
        using var store = FeatureStore.Open([folder.PathOf("f")]);
        var clips = store.Clips;
        var description = KnownCorpora.Descriptions.Single(description => description.Name == corpus);
        Assert.Equal(layout.Speakers.Length * layout.Codes.Length * layout.Clips, clips.Count);
        Assert.Equal(layout.Speakers.Length, clips.Select(clip => clip.Speaker).Distinct().Count());
        Assert.Equal(layout.Codes.Length, clips.Select(clip => clip.Label).Distinct().Count());
        Assert.Empty(clips.Select(clip => clip.Label!).Distinct().Except(description.Labels));
        await TrainAsync("w", layout.Train);
        RequireReport(layout);
        if (layout.Speakers.Length < layout.Folds)
            return;
        await TrainAsync("folds", ["--folds", $"{layout.Folds}"]);
        RequireFolds(layout, clips.Count);
    }

    private Task<string> TrainAsync(string workdir, string[] options)
    {
        string[] train = ["train", "--data_dirs", folder.PathOf("f"), "--workdir", folder.PathOf(workdir)];
        return RunAsync([.. train, "--epochs", "1", "--copies", "1", .. options]);
    }

    // Each clip is tested once, by a fold whose other subsets do not have its speaker.
    private void RequireFolds(CorpusLayout layout, int clips)
    {
        var (_, metrics) = RequireAnalysis("folds");
        Assert.True((bool)metrics["split"]!["speakers_disjoint"]!);
        Assert.Equal(layout.Folds, metrics["folds"]!.AsArray().Count);
        Assert.Equal(clips, (int)metrics["n_clips"]!);
        Assert.Equal(layout.Speakers.Length, (int)metrics["n_speakers"]!);
    }

    private void RequireReport(CorpusLayout layout)
    {
        var (analysis, metrics) = RequireAnalysis("w");
        Assert.Equal(layout.IsSpeakerDisjoint, (bool)metrics["split"]!["speakers_disjoint"]!);
        if (layout.TestSpeakers.Length > 0)
            Assert.Equal(layout.TestSpeakers.Length, (int)metrics["n_speakers"]!);
        else
            Assert.True((int)metrics["n_clips"]! > 0);
        if (layout.Extract.Length > 0)
            Assert.Contains(
                "The split is that of the manifest or of the corpus.",
                File.ReadAllText(Path.Combine(analysis, "classification_report.txt")),
                StringComparison.Ordinal
            );
        var predictions = File.ReadAllText(Path.Combine(analysis, "predictions.csv"));
        Assert.All(layout.TestSpeakers, speaker => Assert.Contains(speaker, predictions, StringComparison.Ordinal));
    }

    private (string Folder, JsonNode Metrics) RequireAnalysis(string workdir)
    {
        var analysis = Assert.Single(Directory.GetDirectories(folder.PathOf(workdir, "analysis_results")));
        Assert.True(File.Exists(Path.Combine(analysis, "report.html")));
        return (analysis, JsonNode.Parse(File.ReadAllText(Path.Combine(analysis, "metrics.json")))!);
    }

    private void WriteRecordings(CorpusLayout layout)
    {
        foreach (var (speaker, name) in layout.Speakers.Index())
        {
            var voice = new DemoSpeaker(name, 110 + (25 * speaker), 1 - (0.03 * speaker), 1, 0, 0, 1);
            foreach (var (code, emotion) in layout.Codes.Index())
                for (var clip = 0; clip < layout.Clips; clip++)
                {
                    var random = new RandomStream(1)
                        .AtStep((uint)speaker, (uint)((10 * code) + clip))
                        .ForStream(RandomStreamId.Demo);
                    var samples = new DemoVoice(
                        voice,
                        DemoEmotion.All[code % DemoEmotion.All.Count],
                        random
                    ).Synthesize();
                    var path = folder.PathOf(["corpus", .. layout.Format(name, emotion, clip).Split('/')]);
                    WavWriter.Write(path, [.. samples.Take(Samples)], SampleRateHz);
                    WriteLabel(layout, name, emotion, clip);
                }
        }
    }

    private void WriteLabel(CorpusLayout layout, string speaker, string code, int clip)
    {
        if (layout.LabelFile is null)
            return;
        var path = folder.PathOf(["corpus", .. layout.LabelFile(speaker).Split('/')]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (!File.Exists(path))
            File.WriteAllText(path, layout.LabelHeader);
        File.AppendAllText(path, layout.LabelLine!(speaker, code, clip));
    }

    private static async Task<string> RunAsync(string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Application.RunAsync(arguments, new ConsoleOutput(output, error));
        Assert.True(code == 0, error.ToString());
        return output.ToString() + error;
    }
}
