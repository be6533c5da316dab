using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Formats.Numpy;

namespace AttnCrnn.Tests.Encoders.Classifiers;

/// <summary>Published classifiers against what transformers and FunASR compute (fixtures/encoders/heads).</summary>
public sealed class SpeechClassifierTests
{
    private const double LogitTolerance = 2e-5;
    private const double WhisperTolerance = 5e-5;
    private const double ProbabilityTolerance = 1e-5;

    public static TheoryData<string> Checkpoints { get; } =
    [.. Directory.GetDirectories(Fixtures.Path("encoders", "heads")).Select(Path.GetFileName).OfType<string>()];

    [Theory, MemberData(nameof(Checkpoints))]
    public async Task Logits_and_probabilities_match_the_reference(string checkpoint)
    {
        var folder = Fixtures.Path("encoders", "heads", checkpoint);
        var expected = NpzFile.Read(Path.Combine(folder, "expected.npz"));
        using var classifier = await OpenAsync(folder);
        foreach (var clip in Clips(expected))
        {
            var waveform = expected[$"{clip}/waveform"].ToSingles();
            float[] logits = [.. classifier.Compute(waveform).Select(value => (float)value)];
            var tolerance = checkpoint.StartsWith("whisper", StringComparison.Ordinal)
                ? WhisperTolerance
                : LogitTolerance;
            FloatAssert.Near(expected[$"{clip}/logits"].ToSingles(), logits, tolerance, clip);
            var key = classifier.Output == ClassifierOutput.Values ? "logits" : "probabilities";
            FloatAssert.Near(
                expected[$"{clip}/{key}"].ToSingles(),
                [.. classifier.Predict(waveform).Select(value => (float)value)],
                classifier.Output == ClassifierOutput.Values ? LogitTolerance : ProbabilityTolerance,
                clip
            );
        }
    }

    [Fact]
    public async Task The_nine_classes_of_emotion2vec_match_FunASR()
    {
        var folder = Fixtures.Path("encoders", "emotion2vec", "emotion2vec-plus-like");
        var expected = NpzFile.Read(Path.Combine(folder, "expected.npz"));
        using var classifier = await OpenAsync(folder);
        Assert.Equal(
            ["angry", "disgusted", "fearful", "happy", "neutral", "other", "sad", "surprised", "unknown"],
            classifier.Labels
        );
        Assert.Equal("生气/angry", classifier.PublishedLabels[0]);
        foreach (var clip in Clips(expected))
            FloatAssert.Near(
                expected[$"{clip}/probabilities"].ToSingles(),
                [.. classifier.Predict(expected[$"{clip}/waveform"].ToSingles()).Select(value => (float)value)],
                ProbabilityTolerance,
                clip
            );
    }

    [Theory]
    [InlineData("hubert-large-superb-like", "neutral happy angry sad", "neu hap ang sad")]
    [InlineData("audeering-dimensional", "arousal dominance valence", "arousal dominance valence")]
    [InlineData("soxan-wav2vec2-mean", "anger disgust fear happiness sadness", "anger disgust fear happiness sadness")]
    public async Task Labels_are_those_of_the_configuration(string checkpoint, string labels, string published)
    {
        using var classifier = await OpenAsync(Fixtures.Path("encoders", "heads", checkpoint));
        Assert.Equal(labels, string.Join(' ', classifier.Labels));
        using var raw = await SpeechClassifier.OpenAsync(
            Fixtures.Path("encoders", "heads", checkpoint),
            new() { RawLabels = true },
            TestContext.Current.CancellationToken
        );
        Assert.Equal(published, string.Join(' ', raw.Labels));
    }

    [Theory]
    [InlineData("heads/hubert-base-classifier", "config.json model.safetensors preprocessor_config.json")]
    [InlineData("emotion2vec/emotion2vec-plus-like", "config.yaml configuration.json model.pt tokens.txt")]
    public async Task The_files_of_a_checkpoint_are_its_configurations_labels_and_weights(
        string checkpoint,
        string expected
    )
    {
        using var classifier = await OpenAsync(Fixtures.Path(["encoders", .. checkpoint.Split('/')]));
        string[] names = [.. classifier.Files.Select(path => Path.GetFileName(path))];
        Assert.All(expected.Split(' '), name => Assert.Contains(name, names));
        Assert.DoesNotContain("expected.npz", names);
    }

    [Fact]
    public async Task Whisper_refuses_what_does_not_fit_its_window()
    {
        using var classifier = await OpenAsync(Fixtures.Path("encoders", "heads", "whisper-classifier"));
        var error = Assert.ThrowsAny<InvalidInputException>(() => classifier.Predict(new float[480_001]));
        Assert.Contains("at most 30 s at once", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recording_without_a_frame_is_refused()
    {
        using var classifier = await OpenAsync(Fixtures.Path("encoders", "heads", "wavlm-base-classifier"));
        Assert.Contains(
            "too short",
            Assert.Throws<InvalidInputException>(() => classifier.Predict(new float[399])).Message,
            StringComparison.Ordinal
        );
        classifier.Predict(new float[400]);
    }

    private static Task<SpeechClassifier> OpenAsync(string folder) =>
        SpeechClassifier.OpenAsync(folder, new() { Threads = 1 }, TestContext.Current.CancellationToken);

    private static IEnumerable<string> Clips(IReadOnlyDictionary<string, NpyArray> expected) =>
        expected
            .Keys.Where(key => key.EndsWith("/waveform", StringComparison.Ordinal))
            .Select(key => key[..^"/waveform".Length]);
}
