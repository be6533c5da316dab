using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;
using AttnCrnn.Training;
using AttnCrnn.Training.Averaging;

namespace AttnCrnn.Tests.Training.Averaging;

/// <summary>The averages of weights, against Keras and float64.</summary>
public sealed class WeightAveragingTests
{
    private const int Length = 200_003; // several tasks of workers, and a remainder

    [Fact]
    public void The_exponential_average_follows_Keras_after_each_step()
    {
        const int length = 12;
        const double rate = 1e-2;
        float[] gradients = TrainingFixture.ReadSingles("opt_grads");
        float[] expectedValues = TrainingFixture.ReadSingles("keras_adam_ema_0.9");
        float[] expectedAverages = TrainingFixture.ReadSingles("keras_adam_ema_0.9_averaged");
        using var workers = new WorkerPool(1);
        using var weights = new AlignedBuffer(length);
        using var averaging = new ExponentialAveraging(new(weights, length), 0.9, workers);
        TrainingFixture.ReadSingles("opt_p0").CopyTo(weights.Span);
        var (moment, velocity) = (new float[length], new float[length]);
        for (var step = 1; step <= gradients.Length / length; step++)
        {
            var range = ((step - 1) * length)..(step * length);
            var correction = Math.Sqrt(1 - Math.Pow(0.98, step)) / (1 - Math.Pow(0.9, step));
            VectorMath.Adam(
                weights.Span,
                gradients.AsSpan(range),
                moment,
                velocity,
                (float)(rate * correction),
                0.9f,
                0.98f,
                1e-7f
            );
            averaging.OnStep(step);
            FloatAssert.Near(expectedValues.AsSpan(range), weights.Span, 1e-6, "weights");
            averaging.UseAverage(0);
            FloatAssert.Near(expectedAverages.AsSpan(range), weights.Span, 1e-6, "average");
            averaging.UseTrained();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void The_average_of_the_last_epochs_is_their_mean(int epochs)
    {
        const int window = 3;
        using var weights = new AlignedBuffer(Length);
        using var averaging = new LastEpochsAveraging(new(weights, Length), window);
        var expected = new double[Length];
        var count = Math.Min(epochs, window);
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            Fill(weights, epoch);
            averaging.OnEpochEnd(epoch);
            for (var i = 0; i < Length && epoch >= epochs - count; i++)
                expected[i] += weights.Span[i] / (double)count;
        }
        averaging.UseAverage(epochs);
        FloatAssert.Near([.. expected.Select(value => (float)value)], weights.Span, 1e-6);
    }

    [Theory]
    [InlineData(WeightAveraging.Ema)]
    [InlineData(WeightAveraging.Last)]
    public void The_weights_are_restored_after_the_average_was_used(WeightAveraging method)
    {
        using var workers = new WorkerPool(2);
        using var weights = new AlignedBuffer(Length);
        var options = new TrainingOptions { Averaging = method };
        using var averaging = AveragingMethods
            .All.Single(definition => definition.Averaging == method)
            .Create(options, new(weights, Length), workers);
        for (var epoch = 0; epoch < 2; epoch++)
        {
            Fill(weights, epoch);
            averaging.OnStep(epoch + 1);
            averaging.OnEpochEnd(epoch);
        }
        float[] trained = [.. weights.Span];
        averaging.UseAverage(2);
        Assert.NotEqual(trained, weights.Span.ToArray());
        averaging.UseTrained();
        Assert.Equal(trained, weights.Span.ToArray());
    }

    [Fact]
    public void The_exponential_average_does_not_depend_on_the_number_of_threads() =>
        Assert.Equal(ComputeAverage(threads: 1), ComputeAverage(threads: 3));

    [Fact]
    public void Every_method_has_one_definition() =>
        Assert.Equal(
            Enum.GetValues<WeightAveraging>(),
            AveragingMethods.All.Select(definition => definition.Averaging)
        );

    private static float[] ComputeAverage(int threads)
    {
        using var workers = new WorkerPool(threads);
        using var weights = new AlignedBuffer(Length);
        using var averaging = new ExponentialAveraging(new(weights, Length), 0.9, workers);
        for (var step = 1; step <= 3; step++)
        {
            Fill(weights, step);
            averaging.OnStep(step);
        }
        averaging.UseAverage(0);
        return [.. weights.Span];
    }

    private static void Fill(AlignedBuffer weights, int seed) =>
        new RandomStream((ulong)seed).ForStream(RandomStreamId.Demo).FillNormal(weights.Span);
}
