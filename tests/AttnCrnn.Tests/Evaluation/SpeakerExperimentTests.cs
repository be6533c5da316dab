using AttnCrnn.Corpora;
using AttnCrnn.Evaluation;
using AttnCrnn.Features;
using AttnCrnn.Models;
using AttnCrnn.Reports;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Evaluation;

public sealed class SpeakerExperimentTests : IDisposable
{
    private static readonly string[] Voices = ["voice-of-1", "voice-of-2", "voice-of-3"];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Unlabeled_clips_count_towards_their_speakers_statistics()
    {
        var clips = SpeakerStoreBuilder.Clips(["a", "b", "c"], 9).ToList();
        var offsetClips = clips.Select(
            (clip, index) =>
                index % 9 == 0 ? ("odd", clip.Speaker, [.. clip.Values.Select(value => value + 1000)]) : clip
        );
        using var store = SpeakerStoreBuilder.Create(PathOf("store"), offsetClips);
        var options = new TrainingOptions
        {
            Epochs = 1,
            BatchSize = 4,
            Threads = 1,
            Normalize = NormalizationMode.Speaker,
        };
        var (_, withDropped) = Train(store, options, drop: ["odd"]);
        using var smallerStore = SpeakerStoreBuilder.Create(
            PathOf("without"),
            clips.Where((_, index) => index % 9 != 0)
        );
        var (_, apart) = Train(smallerStore, options);
        Assert.Equal(apart.Metrics.ClipCount, withDropped.Metrics.ClipCount);
        Assert.NotEqual(apart.Predictions[0].Probabilities, withDropped.Predictions[0].Probabilities);
        // What explanations of these predictions need.
        Assert.All(withDropped.Predictions, clip =>
            Assert.Equal(NormalizationMode.Speaker, clip.SpeakerNormalization!.Kind)
        );
    }

    [Fact]
    public void Clips_without_enough_speaker_data_use_training_set_statistics()
    {
        // One clip per speaker for d, and none named for the last: the bootstrap resamples clips then, not speakers.
        var clips = SpeakerStoreBuilder
            .Clips(["a", "b", "c", null], 12)
            .Concat(SpeakerStoreBuilder.Clips(["d"], 1))
            .ToList();
        using var store = SpeakerStoreBuilder.Create(PathOf("store"), clips);
        var experiment = new Experiment(store, Options(new() { Normalize = NormalizationMode.Speaker }));
        Assert.Equal(new SpeakerNormalizationReport(36, 12, 1), experiment.SpeakerNormalization);
        Assert.Contains(
            "12 without a speaker, 1 whose speaker has fewer than 2 clips or 200 frames",
            SpeakerNormalizationText.Describe(experiment.SpeakerNormalization!),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "36 of 49",
            SpeakerNormalizationText.Describe(experiment.SpeakerNormalization!),
            StringComparison.Ordinal
        );
        Assert.Null(new Experiment(store, Options(new())).SpeakerNormalization);
    }

    [Fact]
    public void Speaker_normalization_without_usable_speakers_is_rejected()
    {
        using var store = SpeakerStoreBuilder.Create(PathOf("store"), SpeakerStoreBuilder.Clips([null], 12));
        var exception = Assert.Throws<InvalidInputException>(() =>
            new Experiment(store, Options(new() { Normalize = NormalizationMode.Speaker }))
        );
        Assert.Contains("12 have no speaker", exception.Message, StringComparison.Ordinal);
        Assert.Contains("normalize corpus", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folds_are_pooled_and_each_clip_is_normalized_by_its_speaker()
    {
        using var store = SpeakerStoreBuilder.Create(PathOf("store"), SpeakerStoreBuilder.Clips(Voices, 10));
        var (_, result) = Train(
            store,
            new()
            {
                Epochs = 1,
                BatchSize = 8,
                Threads = 2,
                Normalize = NormalizationMode.Speaker,
            },
            folds: 3
        );
        Assert.Equal(new SpeakerNormalizationReport(30, 0, 0), result.Protocol.SpeakerNormalization);
        Assert.Equal(3, result.Folds.Count);
    }

    private string PathOf(string name) => folder.PathOf(name);

    private static ExperimentOptions Options(TrainingOptions training, int folds = 0, string[]? drop = null) =>
        new()
        {
            Training = training,
            LabelRules = LabelRules.Parse([], drop ?? [], null),
            Folds = folds,
        };

    private (RunDirectory Run, EvaluationResult Result) Train(
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
