using AttnCrnn.Audio;
using AttnCrnn.Corpora;
using AttnCrnn.Evaluation;
using AttnCrnn.Formats.Wav;
using AttnCrnn.Prediction;
using AttnCrnn.Reports;
using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Runs;

/// <summary>The evaluation of published classifiers on recordings.</summary>
public sealed class RecordingEvaluationTests : IDisposable
{
    // neutral, happy, angry, sad
    private const string Checkpoint = "hubert-large-superb-like";

    private readonly TempFolder folder = new();
    private readonly List<InvalidInputException> errors = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Clips_are_predicted_as_by_the_classifier_and_labels_are_mapped()
    {
        var clips = WriteClips(("neutral", 1), ("happy", 2), ("joy", 3), ("angry", 4), ("boredom", 5));
        using var predictor = await OpenAsync(Checkpoint);
        var result = Evaluate(
            predictor,
            clips,
            new() { LabelRules = LabelRules.Parse(["joy=happy"], ["boredom"], null) }
        );
        Assert.Equal(["neutral", "happy", "happy", "angry"], result.Predictions.Select(clip => clip.Truth));
        foreach (var clip in result.Predictions)
        {
            var expected = predictor.Predict(AudioReader.Read(clip.Path).Samples);
            Assert.Equal(expected, clip.Probabilities);
            Assert.Equal(predictor.Labels[expected.IndexOf(expected.Max())], clip.Predicted);
        }
        Assert.Null(result.Protocol.Split);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task A_label_that_is_no_class_is_refused_before_anything_is_predicted()
    {
        using var predictor = await OpenAsync(Checkpoint);
        var error = Assert.Throws<InvalidInputException>(() =>
            Evaluate(predictor, [new(folder.PathOf("missing.wav"), "calm", null)])
        );
        Assert.Contains("classes that only the clips have: calm (1)", error.Message, StringComparison.Ordinal);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Invalid_recordings_are_reported_and_tolerated_up_to_a_fraction()
    {
        Clip[] clips =
        [
            .. WriteClips(("sad", 1), ("angry", 2), ("happy", 3)),
            new(folder.PathOf("x.wav"), "sad", null),
        ];
        using var predictor = await OpenAsync(Checkpoint);
        Assert.Equal(3, Evaluate(predictor, clips, new() { MaxInvalidFraction = 0.25 }).Predictions.Count);
        Assert.StartsWith(folder.PathOf("x.wav"), Assert.Single(errors).Message, StringComparison.Ordinal);
        var error = Assert.Throws<InvalidInputException>(() =>
            Evaluate(predictor, clips, new() { MaxInvalidFraction = 0.2 })
        );
        Assert.StartsWith("1 of 4 recordings are invalid", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recording_that_needs_windows_cannot_be_evaluated()
    {
        var clips = WriteClips(("happy", 1), ("sad", 2));
        WavWriter.Write(clips[0].Path, new float[121 * 16_000], 16_000);
        using var predictor = await OpenAsync(Checkpoint);
        Evaluate(predictor, clips, new() { MaxInvalidFraction = 0.5 });
        Assert.Equal(
            $"{clips[0].Path}: 121.0 s, and recordings of more than 120 s cannot be evaluated with this classifier: "
                + "cut it into shorter ones, or leave it out",
            Assert.Single(errors).Message
        );
    }

    [Fact]
    public async Task Values_have_no_metrics_of_classes()
    {
        using var predictor = await OpenAsync("audeering-dimensional");
        var error = Assert.Throws<InvalidInputException>(() => Evaluate(predictor, WriteClips(("arousal", 1))));
        Assert.Contains("arousal, dominance, valence", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ehcalabres/wav2vec2-lg-xlsr-en-speech-emotion-recognition", "RAVDESS")]
    [InlineData("superb/hubert-large-superb-er", "")]
    [InlineData("/models/unknown", "")]
    public void The_corpora_of_the_training_are_named(string classifier, string expected)
    {
        var corpora = RecordingEvaluation.FindTrainedCorpora(
            classifier,
            [
                "/x/03-01-06-01-02-01-12.wav",
                "/x/03-01-05-01-02-01-12.wav",
                "/x/03-01-04-01-02-01-01.wav",
                "/x/03a01Fa.wav",
            ]
        );
        Assert.Equal(expected, string.Join(',', corpora));
        var protocol = new EvaluationProtocol
        {
            SpeakersDisjoint = false,

            TrainedCorpora = corpora,
        };
        var text = ProtocolText.Describe(protocol);
        Assert.Equal(
            expected.Length > 0,
            text.StartsWith($"The model was trained on {expected}, as its authors say", StringComparison.Ordinal)
        );
    }

    private EvaluationResult Evaluate(
        EmotionPredictor predictor,
        IReadOnlyList<Clip> clips,
        ExperimentOptions? options = null
    ) =>
        RecordingEvaluation.Evaluate(
            predictor,
            new("corpus", clips, [], Synthetic: false),
            options ?? new(),
            errors.Add,
            TestContext.Current.CancellationToken
        );

    private Clip[] WriteClips(params (string Label, int Tone)[] clips) =>
        [
            .. clips.Select(clip =>
            {
                var path = folder.PathOf($"{clip.Tone}.wav");
                float[] samples = [.. Enumerable.Range(0, 6000).Select(i => 0.4f * MathF.Sin(i * 0.03f * clip.Tone))];
                WavWriter.Write(path, samples, 16_000);
                return new Clip(path, clip.Label, $"s{clip.Tone % 2}");
            }),
        ];

    private Task<EmotionPredictor> OpenAsync(string checkpoint) =>
        RunPredictor.OpenAsync(
            folder.Path,
            Fixtures.Path("encoders", "heads", checkpoint),
            cancellationToken: TestContext.Current.CancellationToken
        );
}
