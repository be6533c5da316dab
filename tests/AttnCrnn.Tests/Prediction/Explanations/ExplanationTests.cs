using AttnCrnn.Audio;
using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Formats.Wav;
using AttnCrnn.Models;
using AttnCrnn.Prediction;
using AttnCrnn.Prediction.Explanations;
using AttnCrnn.Prediction.Recordings;
using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Prediction.Explanations;

/// <summary>Explanations of waveforms and of sets of recordings.</summary>
public sealed class ExplanationTests(LogMelPredictor model) : IClassFixture<LogMelPredictor>
{
    [Fact]
    public void The_half_second_without_which_the_class_is_improbable_is_found()
    {
        var heard = new HeardPart(24_000, 32_000); // the fourth half second
        var samples = Enumerable.Repeat(0.1f, 36_000).ToArray(); // 2.25 s
        var explanation = new Explainer(heard, null, null).Explain(
            samples,
            null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(1, explanation.PredictedClass);
        Assert.Equal(0.9, explanation.Confidence);
        Assert.Equal([0, 0, 0, 0.7, 0], explanation.ProbabilityLost.Select(lost => Math.Round(lost, 12)));
        Assert.Null(explanation.Attention);
    }

    [Fact]
    public void Of_a_sound_between_silences_only_its_half_second_matters()
    {
        var samples = new float[32_000];
        LogMelModels.Sweep(0.4).CopyTo(samples, 16_800);
        var explanation = model.Predictor.Explain(samples, cancellationToken: TestContext.Current.CancellationToken);
        Assert.NotEqual(0, explanation.ProbabilityLost[2]);
        Assert.Equal([0, 0, 0], explanation.ProbabilityLost.Where((_, part) => part != 2));
    }

    [Fact]
    public void Occlusion_is_the_prediction_of_the_waveform_with_a_half_second_of_zeros()
    {
        var samples = LogMelModels.Sweep(1.2);
        var explanation = model.Predictor.Explain(samples, cancellationToken: TestContext.Current.CancellationToken);
        var probabilities = model.Predictor.Predict(samples);
        Assert.Equal(probabilities, explanation.Probabilities);
        Assert.Equal(probabilities.Max(), explanation.Confidence);
        Assert.Equal(3, explanation.ProbabilityLost.Count);
        for (var part = 0; part < 3; part++)
        {
            var first = 8000 * part;
            float[] occluded = [.. samples.Select((value, i) => i >= first && i < first + 8000 ? 0 : value)];
            Assert.Equal(
                probabilities.Max() - model.Predictor.Predict(occluded)[explanation.PredictedClass],
                explanation.ProbabilityLost[part]
            );
        }
        Assert.Equal(samples, explanation.Waveform.ToArray());
    }

    [Fact]
    public void Attention_has_a_weight_per_four_frames_and_sums_to_1()
    {
        var attention = model.Predictor.Explain(LogMelModels.Sweep(1.2)).Attention!;
        Assert.Equal(30, attention.Weights.Count); // of 121 frames
        Assert.Equal(0.04, attention.StepSeconds, 1e-12);
        Assert.Equal(1, attention.Weights.Sum(), 1e-6);
        Assert.True(attention.Weights.Max() > 1.5 * attention.Weights.Min(), "the attention is uniform");
    }

    [Fact]
    public void Attention_of_folds_is_the_mean_of_their_models()
    {
        var paths = LogMelModels.WriteFolds(model.PathOf("folds"), "run", folds: 3);
        using var predictor = RunPredictor.Open(model.PathOf("folds"), "run", LogMelPredictor.Options);
        var samples = LogMelModels.Sweep(0.7);
        IReadOnlyList<double>[] folds =
        [
            .. paths.Select(path =>
            {
                using var fold = EmotionPredictor.Open([path], LogMelPredictor.Options);
                return fold.Explain(samples).Attention!.Weights;
            }),
        ];
        var weights = predictor.Explain(samples).Attention!.Weights;
        Assert.NotEqual(folds[0], folds[1]);
        Assert.All(weights.Index(), step => Assert.Equal(folds.Average(fold => fold[step.Index]), step.Item, 1e-12));
    }

    [Fact]
    public void A_model_that_pads_recordings_has_attention_of_the_recording_alone()
    {
        using var encoder = new LogMelEncoder();
        var network = new NetworkOptions(80, 3)
        {
            Conv1Filters = 8,
            Conv2Filters = 8,
            LstmUnits = 6,
            DenseUnits = 10,
        };
        var builder = RandomModelBuilder.Create(network, seed: 2, padding: 200, encoder: encoder.Description);
        var path = model.PathOf("padded.keras");
        ModelFileWriter.Write(path, builder.Model, builder.Tensors);
        using var predictor = EmotionPredictor.Open([path], LogMelPredictor.Options);
        var attention = predictor.Explain(LogMelModels.Sweep(1.2)).Attention!;
        Assert.Equal(31, attention.Weights.Count); // of 121 frames, the last step with padding
        Assert.InRange(attention.Weights.Sum(), 0.01, 0.99);
    }

    [Fact]
    public void Too_long_waveforms_are_refused_with_the_option_of_windows()
    {
        var error = Assert.Throws<InvalidInputException>(() => model.Predictor.Explain(new float[60 * 16_000 + 1600]));
        Assert.StartsWith("60.1 s, and at most 60 s are explained", error.Message, StringComparison.Ordinal);
        Assert.Contains("(window)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_have_no_class_to_explain()
    {
        var values = new HeardPart(0, 1) { Output = ClassifierOutput.Values };
        var error = Assert.Throws<InvalidInputException>(() =>
            new Explainer(values, null, null).Explain(new float[16_000], null, TestContext.Current.CancellationToken)
        );
        Assert.Contains("predicts values", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_published_classifier_has_occlusion_and_no_attention()
    {
        using var predictor = await RunPredictor.OpenAsync(
            model.PathOf(),
            Fixtures.Path("encoders", "heads", "hubert-base-classifier"),
            cancellationToken: TestContext.Current.CancellationToken
        );
        var explanation = predictor.Explain(LogMelModels.Sweep(0.8));
        Assert.Null(explanation.Attention);
        Assert.Equal(2, explanation.ProbabilityLost.Count);
        Assert.Contains(explanation.ProbabilityLost, lost => lost != 0);
    }

    [Fact]
    public void Windows_of_a_set_are_explained_as_their_samples()
    {
        var path = model.PathOf("long.wav");
        WavWriter.Write(path, LogMelModels.Sweep(2.2), 16_000);
        var samples = AudioReader.Read(path).Samples;
        var set = RecordingSetPredictor.Create(model.Predictor, [new(path)], new WindowOptions(1));
        var predictions = set.PredictAndExplain(TestContext.Current.CancellationToken).ToList();
        Assert.Equal([0, 1, 2], predictions.Select(prediction => prediction.Explanation!.StartSeconds));
        Assert.Equal([2, 2, 1], predictions.Select(prediction => prediction.Explanation!.ProbabilityLost.Count));
        var expected = model.Predictor.Explain(samples.AsMemory(16_000, 16_000));
        Assert.Equal(expected.ProbabilityLost, predictions[1].Explanation!.ProbabilityLost);
        Assert.Equal(expected.Attention!.Weights, predictions[1].Explanation!.Attention!.Weights);
        Assert.Equal(
            set.Predict(TestContext.Current.CancellationToken).Select(prediction => prediction.Probabilities),
            predictions.Select(prediction => prediction.Probabilities)
        );
    }

    [Fact]
    public void Recordings_are_explained_with_the_statistics_of_their_speaker()
    {
        using var predictor = EmotionPredictor.Open(
            [LogMelModels.Write(model.PathOf("speaker.keras"), normalization: "speaker")],
            LogMelPredictor.Options
        );
        PredictionInput[] inputs =
        [
            .. Enumerable
                .Range(0, 12)
                .Select(i =>
                {
                    var path = model.PathOf($"speaker{i}.wav");
                    WavWriter.Write(path, LogMelModels.Sweep(1 + (0.02 * i)), 16_000);
                    return new PredictionInput(path, "ina");
                }),
        ];
        var set = RecordingSetPredictor.Create(predictor, inputs);
        Assert.Equal(12, set.SpeakerStatistics!.NormalizedCount);
        var explained = set.PredictAndExplain(TestContext.Current.CancellationToken).ToList();
        Assert.Equal(
            set.Predict(TestContext.Current.CancellationToken).Select(prediction => prediction.Probabilities),
            explained.Select(prediction => prediction.Probabilities)
        );
        var withoutStatistics = predictor.Explain(explained[0].Explanation!.Waveform);
        Assert.NotEqual(withoutStatistics.Probabilities, explained[0].Probabilities);
    }

    [Fact]
    public void Frames_without_a_recording_are_an_error()
    {
        var path = model.PathOf("frames.npz");
        File.WriteAllText(path, "");
        var prediction = Assert.Single(
            RecordingSetPredictor
                .Create(model.Predictor, [new(path)])
                .PredictAndExplain(TestContext.Current.CancellationToken)
        );
        Assert.Contains("frames have no waveform", prediction.Error!.Message, StringComparison.Ordinal);
    }

    /// <summary>A model that predicts its second class if there is sound in some samples.</summary>
    private sealed class HeardPart(int first, int end) : IRecordingModel
    {
        public IReadOnlyList<string> Labels => ["silent", "heard"];

        public ClassifierOutput Output { get; init; }

        public TrainedModelInfo? Info => null;

        public IReadOnlyList<string> Paths => [];

        public IReadOnlyList<string> Notices => [];

        public bool UsesSpeakerNormalization => false;

        public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ModelInput Prepare(ReadOnlyMemory<float> samples, string? path, CancellationToken cancellationToken) =>
            new(null, samples);

        public double[] Predict(ModelInput input, FeatureNormalization? speaker) =>
            input.Samples.Span[first..end].ContainsAnyExcept(0f) ? [0.1, 0.9] : [0.8, 0.2];

        public TemporalAttention? ComputeAttention(ModelInput input, FeatureNormalization? speaker) => null;

        public void Dispose() { }
    }
}
