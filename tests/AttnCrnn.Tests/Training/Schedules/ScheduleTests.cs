using AttnCrnn.Training;
using AttnCrnn.Training.Schedules;

namespace AttnCrnn.Tests.Training.Schedules;

/// <summary>Learning-rate schedules as functions of the step, against Keras and PyTorch.</summary>
public sealed class ScheduleTests
{
    private const double Peak = 2e-3;
    private const double RelativeTolerance = 1e-9;

    [Fact]
    public void One_cycle_has_the_learning_rate_of_PyTorch() =>
        AssertRelative(TrainingFixture.ReadDoubles("torch_one_cycle_lr"), step =>
            new OneCycleSchedule(Peak, 50).GetLearningRate(step)
        );

    [Fact]
    public void One_cycle_has_the_first_beta_of_PyTorch() =>
        AssertRelative(TrainingFixture.ReadDoubles("torch_one_cycle_beta1"), step =>
            new OneCycleSchedule(Peak, 50).GetBeta1(step)!.Value
        );

    [Fact]
    public void Cosine_with_warm_up_has_the_learning_rate_of_Keras()
    {
        var schedule = new CosineSchedule
        {
            Start = 1e-4,
            Peak = Peak,
            Alpha = 0.01,
            WarmupSteps = 10,
            DecaySteps = 40,
        };
        var expected = TrainingFixture.ReadDoubles("keras_cosine_warmup_lr");
        double[] rates = [.. Enumerable.Range(0, expected.Length).Select(step => schedule.GetLearningRate(step))];
        // Keras computes in float32, with several roundings.
        FloatAssert.Near(expected, rates, Peak * Math.Pow(2, -23));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void One_cycle_of_few_steps_ends_at_its_lowest_rate(long steps)
    {
        var schedule = new OneCycleSchedule(Peak, steps);
        Assert.All((long[])[steps - 1, steps], step =>
            Assert.Equal(Peak / 25 * 1e-4, schedule.GetLearningRate(step), 1e-15)
        );
        Assert.All(Enumerable.Range(0, (int)steps), step =>
            Assert.InRange(schedule.GetLearningRate(step), Peak / 25 * 0.9999e-4, Peak)
        );
    }

    [Fact]
    public void Cosine_of_a_training_rises_from_0_to_the_learning_rate_and_ends_at_the_minimum()
    {
        var schedule = LearningRateSchedules.Create(
            new()
            {
                Schedule = LearningRateSchedule.Cosine,
                LearningRate = 0.01,
                MinLearningRate = 0.002,
                Warmup = 0.25,
            },
            steps: 80
        );
        Assert.Equal(0, schedule.GetLearningRate(0));
        Assert.Equal(0.005, schedule.GetLearningRate(10), 1e-12);
        Assert.Equal(0.01, schedule.GetLearningRate(20), 1e-12);
        Assert.Equal(0.006, schedule.GetLearningRate(50), 1e-12); // halfway down
        Assert.Equal(0.002, schedule.GetLearningRate(80), 1e-12);
        Assert.Null(schedule.GetBeta1(10));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.9999999999999999, 1)]
    [InlineData(0.9999999999999999, 3)]
    public void Cosine_decays_for_at_least_one_step(double warmup, long steps)
    {
        var schedule = LearningRateSchedules.Create(
            new()
            {
                Schedule = LearningRateSchedule.Cosine,
                Warmup = warmup,
                MinLearningRate = 0,
            },
            steps
        );
        Assert.Equal(1e-3, schedule.GetLearningRate(steps - 1), 1e-15);
        Assert.Equal(0, schedule.GetLearningRate(steps), 1e-15);
    }

    [Fact]
    public void Every_schedule_has_one_definition() =>
        Assert.Equal(
            Enum.GetValues<LearningRateSchedule>(),
            LearningRateSchedules.All.Select(definition => definition.Schedule)
        );

    private static void AssertRelative(double[] expected, Func<long, double> compute)
    {
        Assert.NotEmpty(expected);
        for (var step = 0; step < expected.Length; step++)
            Assert.Equal(1, compute(step) / expected[step], RelativeTolerance);
    }
}
