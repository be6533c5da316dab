using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports;

/// <summary>The figures of a training, epoch by epoch.</summary>
/// <param name="Fold">Counted from 1, or null without folds.</param>
/// <param name="Figures">By name (loss, accuracy, val_loss, val_accuracy, val_uar, learning_rate), one value an epoch.</param>
/// <param name="BestEpoch">Counted from 1.</param>
public sealed record HistoryCurves(int? Fold, IReadOnlyDictionary<string, double[]> Figures, int BestEpoch);

/// <summary>All that a report says; a report is a function of it and of nothing else.</summary>
/// <param name="Histories">One a fold; empty where nothing was trained.</param>
/// <param name="Configuration">Flags and their values.</param>
/// <param name="Encoder">What made the frames.</param>
public sealed record RunReport(
    string RunName, EvaluationResult Result, IReadOnlyList<HistoryCurves> Histories, IReadOnlyList<KeyValuePair<string, string>> Configuration, string Encoder, string ProgramVersion);
