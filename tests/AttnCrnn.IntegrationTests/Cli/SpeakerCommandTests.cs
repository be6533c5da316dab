using System.Text.Json;
using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Synthetic;
using AttnCrnn.Evaluation;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>Speaker normalization in the built program.</summary>
public sealed class SpeakerCommandTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Predict_normalizes_by_speaker_and_reports_it()
    {
        DemoCorpus.Generate(At("speech"), speakers: 4, clipsPerEmotion: 2);
        Assert.Equal(
            0,
            Run("extract", Path.Combine("speech", "clips.csv"), "--encoder", "log-mel", "--out", "features").Code
        );
        var train = Run("train", "--data_dirs", "features", "--epochs", "2", "--copies", "1", "--normalize", "speaker");
        Assert.True(train.Code == 0, train.Error);
        Assert.Contains("note     Transductive.", train.Output, StringComparison.Ordinal);
        Assert.Contains("48 of 48", train.Error, StringComparison.Ordinal); // of all subsets
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

        // predict on the recordings, with the manifest's speaker column, reproduces train's predictions from the stored
        // frames.
        var (_, predictions) = PredictionsCsv.Read(Path.Combine(analysis, "predictions.csv"));
        var all = Predict(out _, run, Path.Combine("speech", "clips.csv"));
        Assert.Equal(48, all.Count);
        foreach (var clip in predictions)
            for (var k = 0; k < clip.Probabilities.Length; k++)
                Assert.Equal(clip.Probabilities[k], all[clip.Path][k], 5e-3);

        var speaker = predictions[0].Speaker!;
        string[] recordings =
        [
            .. Manifest
                .Read(At("speech", "clips.csv"))
                .Where(clip => clip.Speaker == speaker)
                .Select(clip => clip.Path),
        ];
        var named = Predict(out var error, [run, .. recordings, "--speaker", "whoever"]);
        Assert.Contains("transductive: 12 of 12 recordings", error, StringComparison.Ordinal);
        Assert.All(recordings, path => Assert.Equal(all[path], named[path]));

        var nameless = Predict(out error, [run, .. recordings]);
        Assert.Contains("12 of 12 recordings name none", error, StringComparison.Ordinal);
        Assert.DoesNotContain("transductive", error, StringComparison.Ordinal);
        Assert.All(recordings, path => Assert.NotEqual(all[path], nameless[path]));

        // The same recording twice.
        var single = Predict(out error, run, recordings[0], recordings[0], "--speaker", "whoever");
        Assert.Contains("the training corpus are used: whoever (a speaker needs 2 ", error, StringComparison.Ordinal);
        Assert.Equal(nameless[recordings[0]], single[recordings[0]]);
    }

    [Fact]
    public void Windows_use_the_whole_recordings_statistics_and_reject_invalid_options()
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
            // The hop does not change the speaker statistics.
            var same = dense.Single(other => Key(other) == Key(window));
            Assert.Equal(
                window.GetProperty("probabilities").GetRawText(),
                same.GetProperty("probabilities").GetRawText()
            );
        }
        // A single window, as a segment of a manifest, is too short for speaker statistics: above, the whole
        // recording's were used.
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
        Assert.Equal(2, missing.Error.Split("nowhere.wav").Length); // reported once, though it was looked for twice
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

    private Dictionary<string, double[]> Predict(out string messages, params string[] arguments)
    {
        var (code, output, error) = Run(["predict", .. arguments, "--json"]);
        Assert.True(code == 0, error);
        messages = error;
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
