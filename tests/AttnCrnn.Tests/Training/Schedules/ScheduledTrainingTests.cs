using AttnCrnn.Models;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Training.Schedules;

/// <summary>Trainings with the schedules that change the learning rate at every step.</summary>
public sealed class ScheduledTrainingTests : IDisposable
{
    private const int StepsPerEpoch = 9; // 66 clips in batches of 8

    private static readonly TrainingOptions BaseOptions = new()
    {
        Epochs = 3,
        BatchSize = 8,
        Threads = 2,
    };

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>A cosine from the learning rate to itself is a constant.</summary>
    [Fact]
    public void A_constant_cosine_trains_as_a_plateau_that_is_never_reduced()
    {
        var constant = BaseOptions with
        {
            Schedule = LearningRateSchedule.Cosine,
            LearningRate = 1e-3,
            MinLearningRate = 1e-3,
            Warmup = 0,
        };
        Assert.Equal(
            TrainedWeights.Read(Train("plateau", BaseOptions with { PlateauPatience = 100 }).FinalPath),
            TrainedWeights.Read(Train("cosine", constant).FinalPath)
        );
    }

    [Fact]
    public void The_history_has_the_learning_rate_of_the_last_step_of_each_epoch()
    {
        var outcome = Train("cycle", BaseOptions with { Schedule = LearningRateSchedule.OneCycle });
        // PyTorch's OneCycleLR with 27 steps: the warm-up ends at step 0.3 · 27 - 1.
        const double warmupEnd = (0.3 * 3 * StepsPerEpoch) - 1;
        const double lastStep = (3 * StepsPerEpoch) - 1;
        const double lowest = 1e-3 / 25 / 1e4;
        double[] expected =
        [
            .. Enumerable
                .Range(1, 3)
                .Select(epoch => ((epoch * StepsPerEpoch) - 1 - warmupEnd) / (lastStep - warmupEnd))
                .Select(fraction => lowest + ((1e-3 - lowest) / 2 * (1 + Math.Cos(Math.PI * fraction)))),
        ];
        FloatAssert.Near(expected, [.. outcome.History.Select(epoch => epoch.LearningRate)], 1e-10);
    }

    [Fact]
    public void The_first_beta_of_one_cycle_is_that_of_the_next_step()
    {
        var outcome = Train("cycle", BaseOptions with { Schedule = LearningRateSchedule.OneCycle });
        var optimizer = ModelFile.Read(outcome.FinalPath, withOptimizer: true).Optimizer!;
        Assert.Equal((0.95, 4e-9), (optimizer.Beta1, optimizer.LearningRate), new NearComparer());
    }

    [Theory]
    [InlineData(LearningRateSchedule.Cosine)]
    [InlineData(LearningRateSchedule.OneCycle)]
    public void Progress_reports_no_reduction_after_an_epoch(LearningRateSchedule schedule)
    {
        var rates = new List<(double AfterEpoch, double OfEpoch)>();
        using var trainer = new Trainer(
            TrainingJobBuilder.Create(folder.PathOf("progress"), BaseOptions with { Schedule = schedule }),
            TimeProvider.System
        );
        trainer.Run(
            new InlineProgress(progress =>
            {
                if (progress.LastEpoch is { } epoch)
                    rates.Add((progress.LearningRate, epoch.LearningRate));
            }),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(3, rates.Select(rate => rate.OfEpoch).Distinct().Count());
        Assert.All(rates, rate => Assert.Equal(rate.OfEpoch, rate.AfterEpoch));
    }

    [Theory]
    [InlineData(LearningRateSchedule.Cosine)]
    [InlineData(LearningRateSchedule.OneCycle)]
    public void Early_stopping_ends_a_scheduled_training(LearningRateSchedule schedule)
    {
        var outcome = Train(
            "early",
            BaseOptions with
            {
                Schedule = schedule,
                Epochs = 40,
                LearningRate = 5e-3,
                Patience = 2,
            }
        );
        Assert.True(outcome.StoppedEarly);
        Assert.Equal(outcome.BestEpoch + 2, outcome.History.Count);
    }

    private TrainingOutcome Train(string name, TrainingOptions options) =>
        TrainingJobBuilder.Train(TrainingJobBuilder.Create(folder.PathOf(name), options));

    private sealed class InlineProgress(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }

    private sealed class NearComparer : IEqualityComparer<(double Beta1, double Rate)>
    {
        public bool Equals((double Beta1, double Rate) x, (double Beta1, double Rate) y) =>
            Math.Abs(x.Beta1 - y.Beta1) < 1e-12 && Math.Abs(x.Rate - y.Rate) < 1e-15;

        public int GetHashCode((double Beta1, double Rate) value) => 0;
    }
}
