using System.Text.Json;
using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Synthetic;
using AttnCrnn.Evaluation;

namespace AttnCrnn.Tests.Cli;

/// <summary>Normalisation by speaker as a user meets it.</summary>
public sealed class SpeakerCommandTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_speakers_own_recordings_decide_how_they_are_heard_and_every_output_says_so()
    {
        DemoCorpus.Generate(At("speech"), speakers: 4, clipsPerEmotion: 2);
        Assert.Equal(
            0,
            Run("extract", Path.Combine("speech", "clips.csv"), "--encoder", "log-mel", "--out", "features").Code
        );
        var train = Run("train", "--data_dirs", "features", "--epochs", "2", "--copies", "1", "--normalize", "speaker");
        Assert.True(train.Code == 0, train.Error);
        Assert.Contains("note     Transductive.", train.Output, StringComparison.Ordinal);
        Assert.Contains("48 of 48", train.Error, StringComparison.Ordinal); // of all sides
        var run = train
            .Output.Split('\n')
            .Single(line => line.StartsWith("run      ", StringComparison.Ordinal))[9..]
            .Trim();
        var analysis = At("analysis_results", run);
        Assert.All(["report.html", "metrics.json", "classification_report.txt"], name =>
            Assert.Contains("Transductive.", File.ReadAllText(Path.Combine(analysis, name)), StringComparison.Ordinal)
        );

        var evaluated = Run("evaluate", run, "--json", "--quiet");
        Assert.True(
            JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("transductive").GetBoolean(),
            evaluated.Error
        );
        Assert.Contains(
            "Transductive. ",
            Run("evaluate", run, "--data_dirs", "features").Output,
            StringComparison.Ordinal
        );

        // From the recordings themselves, by the manifest's column, predict comes to what train came to from the stored frames.
        var (_, judged) = PredictionsCsv.Read(Path.Combine(analysis, "predictions.csv"));
        var all = Predict(out _, run, Path.Combine("speech", "clips.csv"));
        Assert.Equal(48, all.Count);
        foreach (var clip in judged)
            for (var k = 0; k < clip.Probabilities.Length; k++)
                Assert.Equal(clip.Probabilities[k], all[clip.Path][k], 5e-3);

        var speaker = judged[0].Speaker!;
        string[] own =
        [
            .. Manifest
                .Read(At("speech", "clips.csv"))
                .Where(clip => clip.Speaker == speaker)
                .Select(clip => clip.Path),
        ];
        var named = Predict(out var said, [run, .. own, "--speaker", "whoever"]);
        Assert.Contains("transductive: 12 of 12 recordings", said, StringComparison.Ordinal);
        Assert.All(own, path => Assert.Equal(all[path], named[path]));

        var nameless = Predict(out said, [run, .. own]);
        Assert.Contains("12 of 12 recordings name none", said, StringComparison.Ordinal);
        Assert.DoesNotContain("transductive", said, StringComparison.Ordinal);
        Assert.All(own, path => Assert.NotEqual(all[path], nameless[path]));

        var single = Predict(out said, run, own[0], own[0], "--speaker", "whoever"); // one recording, named twice
        Assert.Contains("the training corpus are used: whoever (a speaker needs 2 ", said, StringComparison.Ordinal);
        Assert.Equal(nameless[own[0]], single[own[0]]);
    }

    [Fact]
    public void Windows_go_by_the_whole_recording_and_wrong_flags_are_refused()
    {
        DemoCorpus.Generate(At("speech"), speakers: 3, clipsPerEmotion: 1);
        Assert.Equal(
            0,
            Run("extract", Path.Combine("speech", "clips.csv"), "--encoder", "log-mel", "--out", "features").Code
        );
        string Train(string normalize)
        {
            var train = Run(
                "train",
                "--data_dirs",
                "features",
                "--epochs",
                "1",
                "--copies",
                "1",
                "--normalize",
                normalize,
                "--workdir",
                normalize
            );
            Assert.True(train.Code == 0, train.Error);
            return At(
                normalize,
                "checkpoints",
                train
                    .Output.Split('\n')
                    .Single(line => line.StartsWith("run      ", StringComparison.Ordinal))[9..]
                    .Trim()
            );
        }
        var run = Train("speaker");
        string[] clips =
        [
            .. Directory
                .GetFiles(At("speech"), "*.wav", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Take(2),
        ];
        List<JsonElement> Windows(string window, string hop) =>
            [
                .. Run(["predict", run, .. clips, "--speaker", "whoever", "--window", window, "--hop", hop, "--json"])
                    .Output.Trim()
                    .Split('\n')
                    .Select(line => JsonDocument.Parse(line).RootElement),
            ];
        var (plain, dense) = (Windows("0.5", "0.5"), Windows("0.5", "0.25"));
        Assert.True(dense.Count > plain.Count);
        foreach (
            var window in plain.Where(window =>
                window.GetProperty("end_s").GetDouble() - window.GetProperty("start_s").GetDouble() == 0.5
            )
        )
        {
            var same = dense.Single(other => Key(other) == Key(window)); // the hop changes nothing about whose figures they are
            Assert.Equal(
                window.GetProperty("probabilities").GetRawText(),
                same.GetProperty("probabilities").GetRawText()
            );
        }
        // A window alone, as a stretch of a manifest, is too little for figures of its own: what it goes by above is not its own.
        File.WriteAllText(At("stretch.csv"), $"path,start,end,speaker\n{clips[0]},0.5,1,whoever\n");
        var stretch = JsonDocument.Parse(Run("predict", run, "stretch.csv", "--json").Output).RootElement;
        Assert.Equal(
            (0.5, 1.0),
            (stretch.GetProperty("start_s").GetDouble(), stretch.GetProperty("end_s").GetDouble())
        );
        Assert.NotEqual(
            stretch.GetProperty("probabilities").GetRawText(),
            plain.Single(window => Key(window) == Key(stretch)).GetProperty("probabilities").GetRawText()
        );

        var missing = Run("predict", run, clips[0], "nowhere.wav", clips[1], "--speaker", "whoever");
        Assert.Equal(3, missing.Code);
        Assert.Equal(2, missing.Output.Trim().Split('\n').Length);
        Assert.Equal(2, missing.Error.Split("nowhere.wav").Length); // said once, though it was looked for twice
        var refused = Run("predict", Train("corpus"), clips[0], "--speaker", "whoever");
        Assert.True(
            refused.Code == 2
                && refused.Error.Contains("--normalize corpus: leave the option out", StringComparison.Ordinal),
            refused.Error
        );
        Assert.Contains(
            "--normalize loudness: expected corpus, speaker or none",
            Run("train", "--data_dirs", "features", "--normalize", "loudness").Error,
            StringComparison.Ordinal
        );
    }

    private static string Key(JsonElement jsonElement) =>
        $"{jsonElement.GetProperty("path").GetString()} {jsonElement.GetProperty("start_s").GetDouble()}";

    private string At(params string[] parts) => folder.At(parts);

    private Dictionary<string, double[]> Predict(out string said, params string[] arguments)
    {
        var (code, output, error) = Run(["predict", .. arguments, "--json"]);
        Assert.True(code == 0, error);
        said = error;
        return output
            .Trim()
            .Split('\n')
            .Select(line => JsonDocument.Parse(line).RootElement)
            .DistinctBy(jsonElement => jsonElement.GetProperty("path").GetString())
            .ToDictionary(
                jsonElement => jsonElement.GetProperty("path").GetString()!,
                jsonElement =>
                    jsonElement
                        .GetProperty("probabilities")
                        .EnumerateObject()
                        .Select(probability => probability.Value.GetDouble())
                        .ToArray()
            );
    }

    private (int Code, string Output, string Error) Run(params string[] arguments) =>
        BuiltProgram.Run(folder.Path, arguments);
}
