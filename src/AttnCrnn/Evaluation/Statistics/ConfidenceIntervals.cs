namespace AttnCrnn.Evaluation.Statistics;

/// <summary>A two-sided 95% interval.</summary>
public readonly record struct ConfidenceInterval(double Low, double High);

/// <summary>95% intervals of the pooled figures; each null where it cannot be had.</summary>
/// <param name="Uar">Of the unweighted average recall.</param>
/// <param name="Accuracy">Of the share of clips predicted rightly.</param>
/// <param name="MacroF1">Of the mean F1.</param>
/// <param name="MacroAuc">Of the mean one-against-rest area under the ROC curve.</param>
/// <param name="Unit">What was resampled whole: "speaker", or "clip" where no clip names its speaker.</param>
/// <param name="Units">How many of them there are.</param>
/// <param name="Resamples">How many resamples were drawn; 0 where there are no intervals.</param>
/// <param name="Description">A sentence for reports: how the intervals were made, or why there are none.</param>
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
