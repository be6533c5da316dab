using AttnCrnn.Models;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Training;

/// <summary>Interrupted trainings with every schedule and averaging resume to the same bytes.</summary>
public sealed class ScheduledResumeTests : IDisposable
{
    private const int StepsPerEpoch = 9; // 66 clips in batches of 8

    private readonly TempFolder folder = new();

    public static TheoryData<LearningRateSchedule, WeightAveraging> Cases { get; } =
        new()
        {
            { LearningRateSchedule.Plateau, WeightAveraging.Ema },
            { LearningRateSchedule.Plateau, WeightAveraging.Last },
            { LearningRateSchedule.Cosine, WeightAveraging.None },
            { LearningRateSchedule.OneCycle, WeightAveraging.None },
            { LearningRateSchedule.OneCycle, WeightAveraging.Ema },
        };

    public void Dispose() => folder.Dispose();

    /// <summary>A cancellation writes a checkpoint of its step.</summary>
    [Theory, MemberData(nameof(Cases))]
    public void A_training_canceled_in_mid_epoch(LearningRateSchedule schedule, WeightAveraging averaging) =>
        AssertEqualAfterCancellation(CreateOptions(schedule, averaging), epoch: 3, step: 4);

    [Theory, MemberData(nameof(Cases))]
    public void A_training_canceled_during_validation(LearningRateSchedule schedule, WeightAveraging averaging) =>
        AssertEqualAfterCancellation(CreateOptions(schedule, averaging), epoch: 4, StepsPerEpoch);

    /// <summary>A killed process writes nothing: it resumes from the checkpoint of step 6 of the epoch.</summary>
    [Theory, MemberData(nameof(Cases))]
    public void A_training_killed_in_mid_epoch(LearningRateSchedule schedule, WeightAveraging averaging) =>
        AssertEqualAfterKill(CreateOptions(schedule, averaging) with { CheckpointEvery = 3 }, epoch: 4, step: 8);

    [Theory, MemberData(nameof(Cases))]
    public void A_training_killed_after_an_epoch(LearningRateSchedule schedule, WeightAveraging averaging) =>
        AssertEqualAfterKill(CreateOptions(schedule, averaging), epoch: 4, step: 1);

    [Theory]
    [InlineData(TemporalPooling.Attentive, HeadNormalization.Layer, HeadActivation.GeluTanh)]
    [InlineData(TemporalPooling.Statistics, HeadNormalization.None, HeadActivation.Relu)]
    [InlineData(TemporalPooling.Attentive, HeadNormalization.Batch, HeadActivation.Relu)]
    public void A_training_with_other_parts_killed_in_mid_epoch(
        TemporalPooling pooling,
        HeadNormalization normalization,
        HeadActivation activation
    )
    {
        var options = CreateOptions(LearningRateSchedule.Plateau, WeightAveraging.Ema) with
        {
            CheckpointEvery = 3,
            Pooling = pooling,
            HeadNorm = normalization,
            Activation = activation,
            BatchNorm = normalization == HeadNormalization.Batch ? BatchNormStatistics.Recalibrated : null,
        };
        AssertEqualAfterKill(options, epoch: 4, step: 8);
    }

    /// <summary>Only the final models are missing.</summary>
    [Theory, MemberData(nameof(Cases))]
    public void A_training_killed_after_the_last_epoch(LearningRateSchedule schedule, WeightAveraging averaging)
    {
        var options = CreateOptions(schedule, averaging);
        var killed = false;
        var job = CreateJob("killed", options);
        Interrupt(job, new EndOfEpoch(options.Epochs, () => killed = true), CancellationToken.None);
        Assert.True(killed);
        Assert.False(File.Exists(job.FinalPath));
        AssertEqualToUninterrupted(job, options);
    }

    private static TrainingOptions CreateOptions(LearningRateSchedule schedule, WeightAveraging averaging) =>
        new()
        {
            Epochs = 5,
            BatchSize = 8,
            Threads = 2,
            LearningRate = 3e-3,
            Schedule = schedule,
            Averaging = averaging,
            AverageEpochs = averaging == WeightAveraging.Last ? 3 : new TrainingOptions().AverageEpochs,
            PlateauPatience = schedule == LearningRateSchedule.Plateau ? 1 : null,
            BatchNorm = averaging == WeightAveraging.Ema ? BatchNormStatistics.Recalibrated : null,
        };

    private void AssertEqualAfterCancellation(TrainingOptions options, int epoch, int step)
    {
        var job = CreateJob("canceled", options);
        using var stop = new CancellationTokenSource();
        using (var trainer = new Trainer(job, TimeProvider.System))
            Assert.Throws<OperationCanceledException>(() =>
                trainer.Run(new ActionAtStep(epoch, step, stop.Cancel), stop.Token)
            );
        AssertEqualToUninterrupted(job, options);
    }

    private void AssertEqualAfterKill(TrainingOptions options, int epoch, int step)
    {
        var job = CreateJob("killed", options);
        Interrupt(job, new ActionAtStep(epoch, step, () => throw new KillException()), CancellationToken.None);
        AssertEqualToUninterrupted(job, options);
    }

    private static void Interrupt(
        TrainingJob job,
        IProgress<TrainingProgress> progress,
        CancellationToken cancellationToken
    )
    {
        using var trainer = new Trainer(job, TimeProvider.System);
        Assert.Throws<KillException>(() => trainer.Run(progress, cancellationToken));
    }

    private void AssertEqualToUninterrupted(TrainingJob job, TrainingOptions options)
    {
        var history = TrainingJobBuilder.Train(job).History;
        var uninterrupted = CreateJob("uninterrupted", options with { CheckpointEvery = 0 });
        var expected = TrainingJobBuilder.Train(uninterrupted).History;
        Assert.Equal(File.ReadAllBytes(uninterrupted.BestPath), File.ReadAllBytes(job.BestPath));
        Assert.Equal(File.ReadAllBytes(uninterrupted.FinalPath), File.ReadAllBytes(job.FinalPath));
        Assert.Equal(
            expected.Select(epoch => epoch with { Seconds = 0 }),
            history.Select(epoch => epoch with { Seconds = 0 })
        );
    }

    private TrainingJob CreateJob(string name, TrainingOptions options) =>
        TrainingJobBuilder.Create(folder.PathOf(name), options);

    private sealed class KillException : Exception;

    private sealed class EndOfEpoch(int epoch, Action onKill) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.LastEpoch?.Epoch != epoch)
                return;
            onKill();
            throw new KillException();
        }
    }
}
