using System.Text.Json;
using AttnCrnn.Evaluation.Statistics;

namespace AttnCrnn.Tests.Evaluation;

/// <summary>Against SciPy 1.10.</summary>
public sealed class BootstrapIntervalTests
{
    private const double Tolerance = 1e-9;

    [Fact]
    public void Quantiles_of_Students_distribution_match_SciPy()
    {
        foreach (var expected in Read("t_quantiles"))
            Assert.Equal(
                1,
                BootstrapInterval.GetQuantile(expected.GetProperty("degrees").GetInt32())
                    / expected.GetProperty("quantile").GetDouble(),
                Tolerance
            );
    }

    [Fact]
    public void Intervals_of_metrics_match_SciPy() => AssertMatch("metrics", BootstrapInterval.ComputeOfMetric);

    [Fact]
    public void Intervals_of_differences_match_SciPy() =>
        AssertMatch("differences", BootstrapInterval.ComputeOfDifference);

    [Fact]
    public void McNemars_test_matches_SciPy()
    {
        foreach (var expected in Read("mcnemar_exact"))
            Assert.Equal(
                expected.GetProperty("p").GetDouble(),
                PairedTests.McNemar(expected.GetProperty("b").GetInt32(), expected.GetProperty("c").GetInt32()),
                Tolerance
            );
    }

    [Fact]
    public void Fewer_speakers_give_a_wider_interval_from_the_same_resamples()
    {
        double[] resampled = [0.5, 0.55, 0.6, 0.65, 0.7];
        double[] widths =
        [
            .. ((int[])[2, 4, 10, 1000]).Select(units =>
            {
                var interval = BootstrapInterval.ComputeOfMetric(0.6, resampled, units)!.Value;
                return interval.High - interval.Low;
            }),
        ];
        Assert.Equal(widths.OrderDescending(), widths);
        Assert.Distinct(widths);
    }

    [Fact]
    public void A_metric_without_two_defined_resamples_has_no_interval()
    {
        Assert.Null(BootstrapInterval.ComputeOfMetric(0.5, [double.NaN, 0.5, double.NaN], 4));
        Assert.Null(BootstrapInterval.ComputeOfMetric(double.NaN, [0.4, 0.5], 4));
        Assert.NotNull(BootstrapInterval.ComputeOfMetric(0.5, [double.NaN, 0.5, 0.4], 4));
        Assert.Null(BootstrapInterval.ComputeOfMetric(0.5, [0.4, 0.5], 1));
        Assert.Null(BootstrapInterval.ComputeOfMetric(1, [1, 1], 4));
    }

    private static void AssertMatch(string name, Func<double, double[], int, ConfidenceInterval?> compute)
    {
        foreach (var expected in Read(name))
        {
            double[] resampled = [.. expected.GetProperty("resampled").EnumerateArray().Select(v => v.GetDouble())];
            var interval = compute(
                expected.GetProperty("value").GetDouble(),
                resampled,
                expected.GetProperty("units").GetInt32()
            )!.Value;
            Assert.Equal(expected.GetProperty("interval")[0].GetDouble(), interval.Low, Tolerance);
            Assert.Equal(expected.GetProperty("interval")[1].GetDouble(), interval.High, Tolerance);
        }
    }

    private static List<JsonElement> Read(string name)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Fixtures.Path("metrics", "intervals.json")));
        return [.. file.RootElement.GetProperty(name).EnumerateArray().Select(element => element.Clone())];
    }
}
