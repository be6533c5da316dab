using System.Text.Json;
using AttnCrnn.Corpora;
using AttnCrnn.Evaluation;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>Speaker normalization in the built program.</summary>
public sealed class SpeakerCommandTests(SpeakerRun run) : IClassFixture<SpeakerRun>
{
    private string Analysis => run.PathOf("analysis_results", run.Name);

    [Fact]
    public void Train_reports_transductive_normalization()
    {
        Assert.Contains("note     Transductive.", run.Training.Output, StringComparison.Ordinal);
        Assert.Contains("48 of 48", run.Training.Error, StringComparison.Ordinal); // of all subsets
    }

    [Theory]
    [InlineData("report.html")]
    [InlineData("metrics.json")]
    [InlineData("classification_report.txt")]
    public void The_analysis_reports_transductive_normalization(string name) =>
        Assert.Contains("Transductive.", File.ReadAllText(Path.Combine(Analysis, name)), StringComparison.Ordinal);

    [Fact]
    public void Evaluate_reports_transductive_normalization()
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
    public void Recordings_of_a_speaker_are_normalized_equally_under_any_name()
    {
        var recordings = RecordingsOfASpeaker();
        var all = Predict(out _, run.Name, SpeakerRun.Manifest);
        var namedPrediction = Predict(out var error, [run.Name, .. recordings, "--speaker", "whoever"]);
        Assert.Contains("transductive: 12 of 12 recordings", error, StringComparison.Ordinal);
        Assert.All(recordings, path => Assert.Equal(all[path], namedPrediction[path]));
    }

    [Fact]
    public void Recordings_without_a_speaker_are_normalized_by_the_training_corpus()
    {
        var recordings = RecordingsOfASpeaker();
        var namedPrediction = Predict(out _, [run.Name, .. recordings, "--speaker", "whoever"]);
        var unnamedPrediction = Predict(out var error, [run.Name, .. recordings]);
        Assert.Contains("12 of 12 recordings have no speaker", error, StringComparison.Ordinal);
        Assert.DoesNotContain("transductive", error, StringComparison.Ordinal);
        Assert.All(recordings, path => Assert.NotEqual(namedPrediction[path], unnamedPrediction[path]));
    }

    [Fact]
    public void A_recording_given_twice_is_not_enough_for_speaker_statistics()
    {
        var recording = RecordingsOfASpeaker()[0];
        var unnamedPrediction = Predict(out _, run.Name, recording);
        var prediction = Predict(out var error, run.Name, recording, recording, "--speaker", "whoever");
        Assert.Contains("whoever", error, StringComparison.Ordinal);
        Assert.Contains("2 recordings", error, StringComparison.Ordinal); // the number that is required
        Assert.DoesNotContain("transductive", error, StringComparison.Ordinal);
        Assert.Equal(unnamedPrediction[recording], prediction[recording]);
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
        var model = Directory.GetDirectories(run.PathOf("corpus", "checkpoints")).Single();
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
        var clips = Manifest.Read(run.PathOf(SpeakerRun.Manifest));
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
            .DistinctBy(element => element.GetProperty("path").GetString())
            .ToDictionary(
                element => element.GetProperty("path").GetString()!,
                element =>
                    element
                        .GetProperty("probabilities")
                        .EnumerateObject()
                        .Select(probability => probability.Value.GetDouble())
                        .ToArray()
            );
    }
}
