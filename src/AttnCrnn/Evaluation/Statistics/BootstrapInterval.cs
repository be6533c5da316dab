using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace AttnCrnn.Evaluation.Statistics;

/// <summary>
/// 95% confidence intervals from resamples of n speakers, with a correction for few of them: value ± t · s, where s
/// is the standard deviation over the resamples times √(n / (n - 1)), and t the quantile of Student's distribution
/// with n - 1 degrees of freedom. The bootstrap's own standard deviation is too small by that factor, and percentile
/// intervals lack the wider tails of t as well (Hesterberg 2015, "What teachers should know about the bootstrap", The
/// American Statistician 69, 371-386; Cameron, Gelbach and Miller 2008, "Bootstrap-based improvements for inference
/// with clustered errors", Review of Economics and Statistics 90, 414-427). docs/intervals.md compares the coverage of
/// this interval with others'.
/// </summary>
internal static class BootstrapInterval
{
    private const double MinVariation = 1e-12; // rounding errors are smaller

    /// <summary>
    /// Interval of a metric from 0 to 1, on the scale asin √x, on which the variance of a proportion does not depend
    /// on its value (Anscombe 1948, Biometrika 35, 246-254), so that the bounds are within 0 and 1.
    /// </summary>
    /// <param name="value">The metric on all clips; NaN if it is undefined.</param>
    /// <param name="resampled">[resamples], the metric in each; NaN where it is undefined.</param>
    /// <param name="units">Number of speakers, or of clips if those are resampled.</param>
    /// <returns>
    /// null if the metric is undefined, if fewer than two units determine it, or if it does not vary over them: nothing
    /// is known of the variation then.
    /// </returns>
    public static ConfidenceInterval? ComputeOfMetric(double value, double[] resampled, int units)
    {
        double[] defined = [.. resampled.Where(double.IsFinite)];
        if (
            double.IsNaN(value)
            || defined.Length == 0
            || defined.Max() - defined.Min() < MinVariation
            || ComputeHalfWidth([.. defined.Select(Stabilize)], units) is not { } halfWidth
        )
            return null;
        var center = Stabilize(value);
        return new(Restore(center - halfWidth), Restore(center + halfWidth));
    }

    /// <summary>Interval of a loss, from 0; the parameters are those of a metric.</summary>
    public static ConfidenceInterval? ComputeOfLoss(double value, double[] resampled, int units) =>
        ComputeHalfWidth([.. resampled.Where(double.IsFinite)], units) is { } halfWidth && !double.IsNaN(value)
            ? new(Math.Max(0, value - halfWidth), value + halfWidth)
            : null;

    /// <summary>Interval of a difference of two metrics, from -1 to 1; the parameters are those of a metric.</summary>
    public static ConfidenceInterval? ComputeOfDifference(double value, double[] resampled, int units) =>
        ComputeHalfWidth([.. resampled.Where(double.IsFinite)], units) is { } halfWidth && !double.IsNaN(value)
            ? new(Math.Max(-1, value - halfWidth), Math.Min(1, value + halfWidth))
            : null;

    private static double? ComputeHalfWidth(double[] resampled, int units)
    {
        if (units < 2 || resampled.Length < 2)
            return null;
        var narrowness = Math.Sqrt(units / (units - 1.0));
        return GetQuantile(units - 1) * narrowness * ArrayStatistics.StandardDeviation(resampled);
    }

    /// <summary>The 97.5% quantile of Student's distribution.</summary>
    internal static double GetQuantile(int degreesOfFreedom)
    {
        const double probability = 0.975;
        var quantile = StudentT.InvCDF(0, 1, degreesOfFreedom, probability);
        // InvCDF stops its search at 1e-9; a step of Newton's method gives the other digits.
        return quantile
            - (
                (StudentT.CDF(0, 1, degreesOfFreedom, quantile) - probability)
                / StudentT.PDF(0, 1, degreesOfFreedom, quantile)
            );
    }

    private static double Stabilize(double proportion) => Math.Asin(Math.Sqrt(Math.Clamp(proportion, 0, 1)));

    private static double Restore(double angle)
    {
        var sine = Math.Sin(Math.Clamp(angle, 0, Math.PI / 2));
        return sine * sine;
    }
}
