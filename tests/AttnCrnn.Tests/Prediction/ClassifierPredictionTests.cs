using AttnCrnn.Audio;
using AttnCrnn.Cli.Commands.Prediction;
using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Formats.Wav;
using AttnCrnn.Prediction;
using AttnCrnn.Prediction.Recordings;
using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Prediction;

/// <summary>Published classifiers wherever recordings are predicted.</summary>
public sealed class ClassifierPredictionTests : IDisposable
{
    private readonly TempFolder folder = new();

    public ClassifierPredictionTests()
    {
        float[] samples = [.. Enumerable.Range(0, 16_000).Select(i => 0.3f * MathF.Sin(i * 0.05f * (1 + (i / 9000f))))];
        WavWriter.Write(Recording, samples, 16_000);
    }

    private string Recording => folder.PathOf("clip.wav");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_recording_is_predicted_as_by_the_classifier_itself()
    {
        using var predictor = await OpenAsync("wavlm-base-classifier");
        using var classifier = await SpeechClassifier.OpenAsync(
            Fixtures.Path("encoders", "heads", "wavlm-base-classifier"),
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.Equal(
            classifier.Predict(AudioReader.Read(Recording).Samples),
            predictor.PredictFile(Recording, TestContext.Current.CancellationToken)
        );
        Assert.Null(predictor.Info);
        Assert.Equal(classifier.Labels, predictor.Labels);
    }

    [Fact]
    public async Task Windows_are_predicted_from_their_samples_alone()
    {
        using var predictor = await OpenAsync("hubert-base-classifier");
        var samples = AudioReader.Read(Recording).Samples;
        var set = RecordingSetPredictor.Create(predictor, [new(Recording)], new WindowOptions(0.5));
        Assert.Equal(
            [predictor.Predict(samples.AsMemory(0, 8000)), predictor.Predict(samples.AsMemory(8000, 8000))],
            set.Predict(TestContext.Current.CancellationToken).Select(prediction => prediction.Probabilities)
        );
    }

    [Theory]
    [InlineData(null)]
    [InlineData(121.0)]
    public async Task Too_long_recordings_and_windows_are_refused_with_the_longest_window(double? window)
    {
        WavWriter.Write(Recording, new float[122 * 16_000], 16_000);
        using var predictor = await OpenAsync("hubert-base-classifier");
        var set = RecordingSetPredictor.Create(
            predictor,
            [new(Recording)],
            window is { } seconds ? new WindowOptions(seconds) : null
        );
        Assert.Equal(
            $"{Recording}: {window ?? 122}.0 s, and this classifier takes at most 120 s at once: use windows of at "
                + "most 120 s (window)",
            set.Predict(TestContext.Current.CancellationToken).First().Error!.Message
        );
    }

    [Fact]
    public async Task Frames_are_refused()
    {
        using var predictor = await OpenAsync("hubert-base-classifier");
        File.WriteAllText(folder.PathOf("clip.npz"), "");
        var prediction = Assert.Single(
            RecordingSetPredictor
                .Create(predictor, [new(folder.PathOf("clip.npz"))])
                .Predict(TestContext.Current.CancellationToken)
        );
        Assert.Contains("predicts recordings, not frames", prediction.Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("encoder", "x")]
    [InlineData("layers", "x")]
    [InlineData("labels", "x")]
    [InlineData("exact_convolution", "x")]
    public async Task Options_of_trained_models_are_refused(string key, string value)
    {
        var options = key switch
        {
            "encoder" => new EmotionPredictorOptions { Encoder = value },
            "layers" => new() { Layers = value },
            "labels" => new() { Labels = [value] },
            _ => new() { ExactConvolution = true },
        };
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => OpenAsync("hubert-base-classifier", options));
        Assert.StartsWith(key, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_are_printed_in_their_order_without_a_label()
    {
        var prediction = new RecordingPrediction(new("a.wav"), 0, 1, [0.5, 0.75], null);
        string[] labels = ["arousal", "valence"];
        Assert.Equal(
            "a.wav  0.00-1.00 s  arousal=0.5000 valence=0.7500",
            new PredictionText(labels, ClassifierOutput.Values).Format(prediction)
        );
        Assert.Equal(
            """{"path":"a.wav","values":{"arousal":0.5,"valence":0.75},"start_s":0,"end_s":1,"warnings":[]}""",
            new PredictionJson(labels, ClassifierOutput.Values).Format(prediction)
        );
        Assert.Equal("a.wav,,0,1,0.5,0.75,,", new PredictionCsv(labels, ClassifierOutput.Values).Format(prediction));
    }

    private Task<EmotionPredictor> OpenAsync(string checkpoint, EmotionPredictorOptions? options = null) =>
        RunPredictor.OpenAsync(
            folder.Path,
            Fixtures.Path("encoders", "heads", checkpoint),
            options,
            TestContext.Current.CancellationToken
        );
}
