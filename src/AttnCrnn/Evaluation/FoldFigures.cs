using AttnCrnn.Metrics;

namespace AttnCrnn.Evaluation;

/// <summary>One fold's test side.</summary>
/// <param name="Fold">Counted from 1.</param>
/// <param name="Speakers">How many speakers are named in it.</param>
/// <param name="Figures">The fold's own figures.</param>
public sealed record FoldFigures(int Fold, int Speakers, Classification Figures);

/// <summary>A figure over the folds.</summary>
/// <param name="Mean">Mean over folds, each counting the same.</param>
/// <param name="Deviation">Sample standard deviation (n - 1), or null for a single fold.</param>
public readonly record struct Spread(double Mean, double? Deviation);
