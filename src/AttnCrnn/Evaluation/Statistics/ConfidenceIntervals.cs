namespace AttnCrnn.Evaluation.Statistics;

/// <summary>A two-sided 95% confidence interval.</summary>
public readonly record struct ConfidenceInterval(double Low, double High);

/// <summary>95% confidence intervals of the pooled metrics; each null if it cannot be estimated.</summary>
/// <param name="Uar">Of the unweighted average recall.</param>
/// <param name="Accuracy">Of the accuracy.</param>
/// <param name="MacroF1">Of the macro F1.</param>
/// <param name="MacroAuc">Of the mean one-vs-rest area under the ROC curve.</param>
/// <param name="Unit">Unit of resampling: "speaker", or "clip" if no speaker is known.</param>
/// <param name="Units">Number of units.</param>
/// <param name="Resamples">Number of resamples; 0 without intervals.</param>
/// <param name="Description">A sentence for reports: the method, or why there are no intervals.</param>
public sealed record ConfidenceIntervals(
    ConfidenceInterval? Uar,
    ConfidenceInterval? Accuracy,
    ConfidenceInterval? MacroF1,
    ConfidenceInterval? MacroAuc,
    string Unit,
    int Units,
    int Resamples,
    string Description
);
