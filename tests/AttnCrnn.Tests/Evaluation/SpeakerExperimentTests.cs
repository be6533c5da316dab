using AttnCrnn.Corpora;
using AttnCrnn.Evaluation;
using AttnCrnn.Features;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Evaluation;

public sealed class SpeakerExperimentTests : IDisposable
{
    private static readonly string[] Voices = [.. Enumerable.Range(1, 8).Select(voice => $"voice-of-{voice}")];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_model_with_speaker_normalization_adapts_to_unknown_speakers()
    {
        using var store = SpeakerStoreBuilder.Create(At("store"), SpeakerStoreBuilder.Clips(Voices, 12));
        var (run, result) = Trained(
            store,
            new()
            {
                Epochs = 10,
                BatchSize = 8,
                Threads = 2,
                LearningRate = 3e-3,
                Normalize = "speaker",
            }
        );
        Assert.True(result.Metrics.Accuracy > 0.9, $"{result.Metrics.Accuracy}");
        Assert.Equal(
            new SpeakerNormalizationReport(result.Metrics.ClipCount, 0, 0),
            result.Protocol.SpeakerNormalization
        );
        Assert.True(result.Protocol.SpeakerNormalization!.IsTransductive);

        using var model = Ensemble.Load(RunDirectory.FindModels(run.WorkFolder, run.Name), 2);
        // Other speakers and microphones: normalization needs only their recordings.
        using var others = SpeakerStoreBuilder.Create(
            At("others"),
            SpeakerStoreBuilder.Clips(["ina", "jon"], 12, loudest: 300, seed: 9)
        );
        var unknownSpeakers = Experiment.EvaluateAll(
            others,
            model,
            new(new(), LabelRules.Parse([], [], null)),
            CancellationToken.None
        );
        Assert.True(unknownSpeakers.Metrics.Accuracy > 0.9, $"{unknownSpeakers.Metrics.Accuracy}");
        Assert.Equal(new SpeakerNormalizationReport(24, 0, 0), unknownSpeakers.Protocol.SpeakerNormalization);
        // The same clips without a speaker are normalized by the training set's statistics, which do not fit them.
        using var nameless = SpeakerStoreBuilder.Create(
            At("nameless"),
            SpeakerStoreBuilder.Clips([null, null], 12, loudest: 300, seed: 9)
        );
        var unnamed = Experiment.EvaluateAll(
            nameless,
            model,
            new(new(), LabelRules.Parse([], [], null)),
            CancellationToken.None
        );
        Assert.True(unnamed.Metrics.Accuracy < 0.7, $"{unnamed.Metrics.Accuracy}");
        Assert.Equal(new SpeakerNormalizationReport(0, 24, 0), unnamed.Protocol.SpeakerNormalization);
        Assert.False(unnamed.Protocol.SpeakerNormalization!.IsTransductive);

        foreach (var file in Directory.GetFiles(run.Checkpoints, "*", SearchOption.AllDirectories))
            Assert.Equal(-1, File.ReadAllBytes(file).AsSpan().IndexOf("voice-of-"u8));
    }

    [Fact]
    public void Unlabeled_clips_count_towards_their_speakers_statistics()
    {
        var clips = SpeakerStoreBuilder.Clips(["a", "b", "c"], 9).ToList();
        var loud = clips.Select(
            (clip, at) => at % 9 == 0 ? ("odd", clip.Speaker, [.. clip.Values.Select(value => value + 1000)]) : clip
        );
        using var store = SpeakerStoreBuilder.Create(At("store"), loud);
        var options = new TrainingOptions
        {
            Epochs = 1,
            BatchSize = 4,
            Threads = 1,
            Normalize = "speaker",
        };
        var (_, with) = Trained(store, options, drop: ["odd"]);
        using var without = SpeakerStoreBuilder.Create(At("without"), clips.Where((_, at) => at % 9 != 0));
        var (_, apart) = Trained(without, options);
        Assert.Equal(apart.Metrics.ClipCount, with.Metrics.ClipCount);
        Assert.NotEqual(apart.Predictions[0].Probabilities, with.Predictions[0].Probabilities);
    }

    [Fact]
    public void Clips_without_enough_speaker_data_use_training_set_statistics()
    {
        // One clip per speaker for d, and none named for the last: the bootstrap resamples clips then, not speakers.
        var clips = SpeakerStoreBuilder
            .Clips(["a", "b", "c", null], 12)
            .Concat(SpeakerStoreBuilder.Clips(["d"], 1))
            .ToList();
        using var store = SpeakerStoreBuilder.Create(At("store"), clips);
        var experiment = new Experiment(store, Options(new() { Normalize = "speaker" }));
        Assert.Equal(new SpeakerNormalizationReport(36, 12, 1), experiment.SpeakerNormalization);
        Assert.Contains(
            "12 that name no speaker, 1 whose speaker has fewer than 2 clips or 200 frames",
            experiment.SpeakerNormalization!.Description,
            StringComparison.Ordinal
        );
        Assert.Contains("36 of 49", experiment.SpeakerNormalization.Description, StringComparison.Ordinal);
        Assert.Null(new Experiment(store, Options(new())).SpeakerNormalization);
    }

    [Fact]
    public void Speaker_normalization_without_usable_speakers_is_rejected()
    {
        using var store = SpeakerStoreBuilder.Create(At("store"), SpeakerStoreBuilder.Clips([null], 12));
        var fault = Assert.Throws<InvalidInputException>(() =>
            new Experiment(store, Options(new() { Normalize = "speaker" }))
        );
        Assert.Contains("12 that name no speaker", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--normalize corpus", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folds_are_pooled_and_each_clip_is_normalized_by_its_speaker()
    {
        using var store = SpeakerStoreBuilder.Create(At("store"), SpeakerStoreBuilder.Clips(Voices[..3], 10));
        var (_, result) = Trained(
            store,
            new()
            {
                Epochs = 1,
                BatchSize = 8,
                Threads = 2,
                Normalize = "speaker",
            },
            folds: 3
        );
        Assert.Equal(new SpeakerNormalizationReport(30, 0, 0), result.Protocol.SpeakerNormalization);
        Assert.Equal(3, result.Folds.Count);
    }

    private string At(string name) => folder.At(name);

    private static ExperimentOptions Options(TrainingOptions training, int folds = 0, string[]? drop = null) =>
        new(training, LabelRules.Parse([], drop ?? [], null), folds);

    private (RunDirectory Run, EvaluationResult Result) Trained(
        FeatureStore store,
        TrainingOptions training,
        int folds = 0,
        string[]? drop = null
    )
    {
        var experiment = new Experiment(store, Options(training, folds, drop));
        var run = RunDirectory.Create(folder.Path, "v2", TimeProvider.System);
        foreach (var fold in experiment.FoldNumbers)
            experiment.Train(fold, new(run, [], "test", TimeProvider.System), null, CancellationToken.None);
        return (run, experiment.Evaluate(run, CancellationToken.None));
    }
}
