using System.Text.Json.Nodes;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>
/// Corpora with labels in files, in their layouts with synthetic speech, through extract, train and the report.
/// </summary>
public sealed class LabelFileCorporaTests : IClassFixture<LabelFileCorpora>, IDisposable
{
    private readonly LabelFileCorpora corpora;
    private readonly TempFolder folder = new();

    public LabelFileCorporaTests(LabelFileCorpora corpora) => this.corpora = corpora;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void IEMOCAP_is_trained_on_four_classes_and_tested_on_a_session()
    {
        corpora.WriteIemocap(folder.PathOf("IEMOCAP"));
        var output = Extract("IEMOCAP", "--protocol", "session2");
        Assert.Contains("test session 2, validation session 3", output, StringComparison.Ordinal);
        Train("--preset", "iemocap4");
        // Two speakers with 3 clips of each of angry, excited, happy, neutral and sad.
        RequireMetrics(clips: 30, speakers: 2, "angry happy neutral sad", disjoint: true);
        Assert.Equal(30, (int)Metrics["votes"]!["n_clips"]!);
    }

    [Fact]
    public void MSP_IMPROV_is_trained_on_the_votes_of_its_raters()
    {
        corpora.WriteMspImprov(folder.PathOf("MSP-IMPROV"));
        Extract("MSP-IMPROV", "--protocol", "session1");
        var hard = TrainWeights();
        var messages = Train("--targets", "soft");
        Assert.Contains("soft targets: the votes of 144 of 144 clips", messages, StringComparison.Ordinal);
        Assert.NotEqual(hard, ReadWeights());
        RequireMetrics(clips: 24, speakers: 2, "angry happy neutral sad", disjoint: true);
        // A vote of three is for another class: ln 3 - (2/3) ln 2.
        Assert.Equal(0.636514, (double)Metrics["votes"]!["entropy"]!, 1e-5);
        Assert.Contains("Votes of the raters", File.ReadAllText(PathOfReport("report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void MSP_Podcast_is_split_as_published()
    {
        corpora.WriteMspPodcast(folder.PathOf("MSP-Podcast"));
        Extract("MSP-Podcast");
        Train();
        RequireMetrics(clips: 24, speakers: 2, "angry happy neutral sad", disjoint: true);
    }

    [Fact]
    public void MELD_is_split_as_published_with_speakers_in_several_subsets()
    {
        corpora.WriteMeld(folder.PathOf("MELD.Raw"));
        var output = Extract("MELD.Raw");
        Assert.Contains("4 speakers are in several subsets", output, StringComparison.Ordinal);
        Train();
        RequireMetrics(clips: 24, speakers: 4, "angry disgust fearful happy neutral sad", disjoint: false);
    }

    [Fact]
    public void EmoFilm_is_cross_validated_by_the_speakers_of_its_workbook()
    {
        corpora.WriteEmoFilm(folder.PathOf("EmoFilm"));
        Extract("EmoFilm");
        Train("--folds", "3");
        RequireMetrics(clips: 90, speakers: 6, "angry contempt fearful happy sad", disjoint: true);
    }

    [Fact]
    public void CREMA_D_is_trained_on_what_was_acted_or_on_what_was_heard()
    {
        corpora.WriteCremaD(folder.PathOf("CREMA-D"));
        Extract("CREMA-D");
        Train("--targets", "soft", "--folds", "3");
        RequireMetrics(clips: 108, speakers: 6, "angry disgust fearful happy neutral sad", disjoint: true);
        Extract("CREMA-D", "--label_kind", "perceived");
        Train("--folds", "3");
        // Sad clips were heard as neutral, fearful ones as a tie.
        RequireMetrics(clips: 90, speakers: 6, "angry disgust happy neutral", disjoint: true);
    }

    private JsonNode Metrics => JsonNode.Parse(File.ReadAllText(PathOfReport("metrics.json")))!;

    private string Extract(string source, params string[] options)
    {
        var (code, output, error) = BuiltProgram.Run(
            folder.Path,
            ["extract", source, "--encoder", "log-mel", "--out", "features", .. options]
        );
        Assert.True(code == 0, error);
        return output + error;
    }

    private string Train(params string[] options)
    {
        foreach (var results in (string[])["checkpoints", "analysis_results"])
            if (Directory.Exists(folder.PathOf(results)))
                Directory.Delete(folder.PathOf(results), recursive: true);
        var (code, output, error) = BuiltProgram.Run(
            folder.Path,
            ["train", "--data_dirs", "features", "--epochs", "1", "--copies", "1", .. options]
        );
        Assert.True(code == 0, error);
        return output + error;
    }

    private string TrainWeights(params string[] options)
    {
        Train(options);
        return ReadWeights();
    }

    private string ReadWeights() =>
        TrainedWeights.ReadHex(
            Assert.Single(
                Directory.GetFiles(folder.PathOf("checkpoints"), "final_*.keras", SearchOption.AllDirectories)
            )
        );

    private void RequireMetrics(int clips, int speakers, string labels, bool disjoint)
    {
        var metrics = Metrics;
        Assert.Equal(clips, (int)metrics["n_clips"]!);
        Assert.Equal(speakers, (int)metrics["n_speakers"]!);
        Assert.Equal(labels, string.Join(' ', metrics["labels"]!.AsArray().Select(label => (string)label!)));
        Assert.Equal(disjoint, (bool)metrics["split"]!["speakers_disjoint"]!);
        Assert.True(File.Exists(PathOfReport("report.html")));
    }

    private string PathOfReport(string file) =>
        Path.Combine(Assert.Single(Directory.GetDirectories(folder.PathOf("analysis_results"))), file);
}
