using AttnCrnn.Features;
using AttnCrnn.Models;
using AttnCrnn.Training;
using AttnCrnn.Training.Batches;
using AttnCrnn.Training.Normalization;

namespace AttnCrnn.Tests.Training;

/// <summary>Trainings with speaker normalization that are stopped and resumed.</summary>
public sealed class SpeakerNormalizationResumeTests : IDisposable
{
    private static readonly TrainingOptions TwoEpochs = new()
    {
        Normalize = NormalizationMode.Speaker,
        Epochs = 2,
        BatchSize = 8,
        Threads = 1,
        Copies = 1,
    };

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(PaddingMode.None)]
    [InlineData(PaddingMode.Longest)]
    public void A_stopped_run_resumes_to_bit_identical_weights(PaddingMode padding)
    {
        using var store = SpeakerStoreBuilder.Create(
            folder.PathOf("store"),
            SpeakerStoreBuilder.Clips(["a", "b", "c", null], 12)
        );
        var options = new TrainingOptions
        {
            Normalize = NormalizationMode.Speaker,
            Epochs = 3,
            BatchSize = 8,
            Threads = 2,
            Copies = 2,
            Padding = padding,
        };
        var (uninterruptedJob, stoppedJob) = (
            Job("whole", store, options),
            Job("broken", store, options with { Threads = 1 })
        );
        TrainingJobBuilder.Train(uninterruptedJob);
        using (var stop = new CancellationTokenSource())
        using (var trainer = new Trainer(stoppedJob, TimeProvider.System))
            Assert.Throws<OperationCanceledException>(() =>
                trainer.Run(new ActionAtStep(2, 2, stop.Cancel), stop.Token)
            );
        using (var trainer = new Trainer(stoppedJob, TimeProvider.System))
            Assert.Equal(3, trainer.Run().History.Count);
        Assert.Equal(TrainedWeights.Read(uninterruptedJob.FinalPath), TrainedWeights.Read(stoppedJob.FinalPath));
        Assert.Equal(NormalizationMode.Speaker, ModelFile.Read(uninterruptedJob.FinalPath).Info.Normalization.Kind);
        Assert.Equal(
            NormalizationFit.Compute(uninterruptedJob.Frames, uninterruptedJob.Train, NormalizationMode.Corpus).Mean,
            ModelFile.Read(uninterruptedJob.FinalPath).Info.Normalization.Mean
        ); // the fallback

        var corpus = Job("corpus", store, options with { Normalize = NormalizationMode.Corpus });
        TrainingJobBuilder.Train(corpus);
        Assert.NotEqual(TrainedWeights.Read(uninterruptedJob.FinalPath), TrainedWeights.Read(corpus.FinalPath));
    }

    [Fact]
    public void A_checkpoint_resumes_only_with_the_same_speaker_statistics()
    {
        using var store = SpeakerStoreBuilder.Create(
            folder.PathOf("store"),
            SpeakerStoreBuilder.Clips(["a", "b", "c", "d"], 12)
        );
        var job = Job("run", store, TwoEpochs);
        using (var stop = new CancellationTokenSource())
        using (var trainer = new Trainer(job, TimeProvider.System))
            Assert.Throws<OperationCanceledException>(() =>
                trainer.Run(new ActionAtStep(1, 2, stop.Cancel), stop.Token)
            );
        // A clip that is in neither the training nor the validation set now has another speaker.
        var otherJob = job with
        {
            SpeakerNormalizations = SpeakerNormalizations.Compute(
                job.Frames,
                [.. store.Clips.Take(47).Select(clip => clip.Speaker), "a"]
            ),
        };
        using (var trainer = new Trainer(otherJob, TimeProvider.System))
            Assert.Contains(
                "different clips or options",
                Assert.Throws<InvalidInputException>(() => trainer.Run()).Message,
                StringComparison.Ordinal
            );
        using (var trainer = new Trainer(job, TimeProvider.System))
            Assert.Equal(2, trainer.Run().History.Count);
    }

    [Fact]
    public void Speaker_normalization_requires_speaker_statistics()
    {
        using var store = SpeakerStoreBuilder.Create(folder.PathOf("store"), SpeakerStoreBuilder.Clips(["a", "b"], 24));
        var job = Job("run", store, TwoEpochs) with { SpeakerNormalizations = null };
        var exception = Assert.Throws<InvalidInputException>(() => new Trainer(job, TimeProvider.System));
        Assert.Contains("normalize speaker", exception.Message, StringComparison.Ordinal);
    }

    // The first 36 of 48 clips are the training set, the next ones the validation set, without the last one.
    private TrainingJob Job(string name, FeatureStore store, TrainingOptions options)
    {
        TrainingClip[] clips = [.. store.Clips.Select((clip, index) => new TrainingClip(index, clip.Label![1] - '0'))];
        var frames = new FeatureStoreFrameSource(store);
        return new(
            frames,
            clips[..36],
            clips[36..47],
            ["l0", "l1", "l2"],
            SpeakerStoreBuilder.Encoder,
            options,
            folder.PathOf(name),
            false,
            [],
            "test"
        )
        {
            SpeakerNormalizations = SpeakerNormalizations.Compute(
                frames,
                [.. store.Clips.Select(clip => clip.Speaker)]
            ),
        };
    }
}
