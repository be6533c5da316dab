using AttnCrnn.Metrics;

namespace AttnCrnn.Tests.Metrics;

public sealed class TemperatureTests
{
    [Theory]
    [InlineData(0.4)]
    [InlineData(1.0)]
    [InlineData(2.5)]
    [InlineData(7.0)]
    public void A_fit_recovers_the_temperature_of_over_and_underconfident_models(double expected)
    {
        // Each true class occurs as often as its probability says: at temperature 1 the model is perfectly calibrated.
        List<int> truth = [];
        List<double[]> probabilities = [];
        foreach (int a in Enumerable.Range(1, 8))
        {
            int[] copies = [a, 10 - a, 5];
            double[] calibrated = [.. copies.Select(count => count / 15.0)];
            double[] powers = [.. calibrated.Select(p => Math.Pow(p, expected))];
            for (int k = 0; k < 3; k++)
            {
                for (int copy = 0; copy < copies[k]; copy++)
                {
                    truth.Add(k);
                    probabilities.Add([.. powers.Select(p => p / powers.Sum())]);
                }
            }
        }
        var fitted = TemperatureFit.Compute(truth, probabilities);
        Assert.Equal(expected, fitted.Value, 1e-9);
        Assert.Equal(4 / 15.0, fitted.Apply(probabilities[15 * 3])[0], 1e-9);
    }

    [Fact]
    public void No_temperature_near_the_fitted_one_has_a_lower_log_loss()
    {
        double[][] probabilities =
        [
            [0.9, 0.05, 0.05],
            [0.7, 0.2, 0.1],
            [0.1, 0.1, 0.8],
            [0.98, 0.01, 0.01],
            [0.3, 0.4, 0.3],
            [0.05, 0.9, 0.05],
        ];
        int[] truth = [0, 1, 2, 2, 1, 1];
        var fitted = TemperatureFit.Compute(truth, probabilities);
        double best = LogLoss(fitted.Value);
        Assert.All([0.5, 0.9, 0.99, 1.01, 1.1, 2], factor => Assert.True(LogLoss(fitted.Value * factor) > best));

        double LogLoss(double value) =>
            Classification
                .Compute(truth, [.. probabilities.Select(new Temperature(value).Apply)], ["a", "b", "c"])
                .LogLoss;
    }

    [Fact]
    public void Scaling_keeps_the_most_probable_class_and_a_sum_of_1_even_with_zeros()
    {
        double[] probabilities = new Temperature(3).Apply([0, 0.25, 0.75]);
        Assert.Equal(2, ClassProbabilities.FindMostProbable(probabilities));
        Assert.Equal(1, probabilities.Sum(), 1e-12);
        Assert.All(probabilities, p => Assert.True(p is >= 0 and <= 1));
        Assert.Equal([0, 0.25, 0.75], new Temperature(1).Apply([0, 0.25, 0.75]));
    }

    [Fact]
    public void Extreme_validation_accuracy_gives_the_bounds_and_no_clips_give_1()
    {
        Assert.Equal(
            Temperature.Min,
            TemperatureFit
                .Compute(
                    [0, 1],
                    [
                        [0.9, 0.1],
                        [0.1, 0.9],
                    ]
                )
                .Value
        );
        Assert.Equal(
            Temperature.Max,
            TemperatureFit
                .Compute(
                    [1, 0],
                    [
                        [0.9, 0.1],
                        [0.1, 0.9],
                    ]
                )
                .Value
        );
        Assert.Equal(
            Temperature.Max,
            TemperatureFit
                .Compute(
                    [1, 0],
                    [
                        [1, 0],
                        [0, 1],
                    ]
                )
                .Value
        );
        Assert.Equal(1, TemperatureFit.Compute([], []).Value);
    }
}
