using AttnCrnn.Metrics;

namespace AttnCrnn.Evaluation;

/// <summary>One fold's test side.</summary>
/// <param name="Fold">Counted from 1.</param>
/// <param name="Speakers">How many speakers are named in it.</param>
/// <param name="Metrics">The fold's own figures.</param>
public sealed record FoldMetrics(int Fold, int Speakers, Classification Metrics);

/// <summary>A figure over the folds.</summary>
/// <param name="Mean">Mean over folds, each counting the same.</param>
/// <param name="StandardDeviation">Sample standard deviation (n - 1), or null for a single fold.</param>
public readonly record struct MeanAndStd(double Mean, double? StandardDeviation);
