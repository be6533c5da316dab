using System.Text.Json;
using AttnCrnn.Corpora;
using AttnCrnn.Evaluation;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>Speaker normalization in the built program.</summary>
public sealed class SpeakerCommandTests(SpeakerRun run) : IClassFixture<SpeakerRun>
{
    private string Analysis => run.At("analysis_results", run.Name);

    [Fact]
    public void A_training_says_that_it_is_transductive()
    {
        Assert.Contains("note     Transductive.", run.Training.Output, StringComparison.Ordinal);
        Assert.Contains("48 of 48", run.Training.Error, StringComparison.Ordinal); // of all subsets
    }

    [Theory]
    [InlineData("report.html")]
    [InlineData("metrics.json")]
    [InlineData("classification_report.txt")]
    public void The_analysis_says_that_it_is_transductive(string name) =>
        Assert.Contains("Transductive.", File.ReadAllText(Path.Combine(Analysis, name)), StringComparison.Ordinal);

    [Fact]
    public void Evaluate_says_that_it_is_transductive()
    {
        var (_, output, error) = run.Run("evaluate", run.Name, "--json", "--quiet");
        using var metrics = JsonDocument.Parse(output);
        Assert.True(metrics.RootElement.GetProperty("transductive").GetBoolean(), error);
        Assert.Contains(
            "Transductive. ",
            run.Run("evaluate", run.Name, "--data_dirs", "features").Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Predict_with_speakers_reproduces_the_predictions_of_train_from_stored_frames()
    {
        var (_, predictions) = PredictionsCsv.Read(Path.Combine(Analysis, "predictions.csv"));
        var all = Predict(out _, run.Name, SpeakerRun.Manifest);
        Assert.Equal(48, all.Count);
        Assert.NotEmpty(predictions);
        Assert.All(predictions, clip => FloatAssert.Near(clip.Probabilities, all[clip.Path], 5e-3, clip.Path));
    }

    [Fact]
    public void Recordings_of_a_speaker_are_normalized_alike_under_any_name()
    {
        var recordings = RecordingsOfASpeaker();
        var all = Predict(out _, run.Name, SpeakerRun.Manifest);
        var named = Predict(out var error, [run.Name, .. recordings, "--speaker", "whoever"]);
        Assert.Contains("transductive: 12 of 12 recordings", error, StringComparison.Ordinal);
        Assert.All(recordings, path => Assert.Equal(all[path], named[path]));
    }

    [Fact]
    public void Recordings_without_a_speaker_are_normalized_by_the_training_corpus()
    {
        var recordings = RecordingsOfASpeaker();
        var named = Predict(out _, [run.Name, .. recordings, "--speaker", "whoever"]);
        var nameless = Predict(out var error, [run.Name, .. recordings]);
        Assert.Contains("12 of 12 recordings have no speaker", error, StringComparison.Ordinal);
        Assert.DoesNotContain("transductive", error, StringComparison.Ordinal);
        Assert.All(recordings, path => Assert.NotEqual(named[path], nameless[path]));
    }

    [Fact]
    public void One_recording_given_twice_is_too_little_of_a_speaker()
    {
        var recording = RecordingsOfASpeaker()[0];
        var nameless = Predict(out _, run.Name, recording);
        var single = Predict(out var error, run.Name, recording, recording, "--speaker", "whoever");
        Assert.Contains(
            "training corpus' statistics are used: whoever (required per speaker: 2 ",
            error,
            StringComparison.Ordinal
        );
        Assert.Equal(nameless[recording], single[recording]);
    }

    [Fact]
    public void A_missing_recording_is_reported_once_and_the_others_are_predicted()
    {
        var recordings = RecordingsOfASpeaker();
        var (code, output, error) = run.Run([
            "predict",
            run.Name,
            recordings[0],
            "nowhere.wav",
            recordings[1],
            "--speaker",
            "whoever",
        ]);
        Assert.Equal(3, code);
        Assert.Equal(2, output.Trim().Split('\n').Length);
        Assert.Equal(2, error.Split("nowhere.wav").Length); // though it was looked for twice
    }

    [Fact]
    public void A_speaker_is_rejected_for_a_model_with_corpus_normalization()
    {
        string[] options = ["--epochs", "1", "--copies", "1", "--normalize", "corpus", "--workdir", "corpus"];
        Assert.Equal(0, run.Run(["train", "--data_dirs", "features", .. options]).Code);
        var model = Directory.GetDirectories(run.At("corpus", "checkpoints")).Single();
        var (code, _, error) = run.Run("predict", model, RecordingsOfASpeaker()[0], "--speaker", "whoever");
        Assert.Equal(2, code);
        Assert.Contains("--normalize corpus: omit the option", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_normalization_is_rejected_with_the_known_ones() =>
        Assert.Contains(
            "--normalize loudness: expected corpus, speaker or none",
            run.Run("train", "--data_dirs", "features", "--normalize", "loudness").Error,
            StringComparison.Ordinal
        );

    private string[] RecordingsOfASpeaker()
    {
        var clips = Manifest.Read(run.At(SpeakerRun.Manifest));
        var speaker = clips[0].Speaker;
        return [.. clips.Where(clip => clip.Speaker == speaker).Select(clip => clip.Path)];
    }

    private Dictionary<string, double[]> Predict(out string messages, params string[] arguments)
    {
        var (code, output, error) = run.Run(["predict", .. arguments, "--json"]);
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
}
