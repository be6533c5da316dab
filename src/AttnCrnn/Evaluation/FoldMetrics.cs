using AttnCrnn.Metrics;
using MathNet.Numerics.Statistics;

namespace AttnCrnn.Evaluation;

/// <summary>Evaluation of one fold's test set.</summary>
/// <param name="Fold">Counted from 1.</param>
/// <param name="Speakers">Number of known speakers of the test set.</param>
/// <param name="Metrics">Metrics of the fold.</param>
public sealed record FoldMetrics(int Fold, int Speakers, Classification Metrics);

/// <summary>Mean and standard deviation of a metric over folds or models.</summary>
/// <param name="Mean">Unweighted mean.</param>
/// <param name="StandardDeviation">Sample standard deviation (n - 1); null for a single value.</param>
public readonly record struct MeanAndStd(double Mean, double? StandardDeviation)
{
    /// <param name="values">At least one.</param>
    internal static MeanAndStd Compute(IEnumerable<double> values)
    {
        double[] all = [.. values];
        return new(ArrayStatistics.Mean(all), all.Length < 2 ? null : ArrayStatistics.StandardDeviation(all));
    }
}
