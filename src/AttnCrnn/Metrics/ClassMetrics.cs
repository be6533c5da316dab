namespace AttnCrnn.Metrics;

/// <summary>
/// One class against all others, as scikit-learn reports it: a ratio whose denominator is nothing (no clip predicted, no clip true) is 0,
/// an area that needs clips inside and outside the class is <see cref="double.NaN"/> where one of the two is missing.
/// </summary>
/// <param name="Label">The class.</param>
/// <param name="Precision">Of the clips predicted to be of this class, the share that is, 0..1.</param>
/// <param name="Recall">Of the clips of this class, the share predicted as such, 0..1.</param>
/// <param name="F1">Harmonic mean of the two, 0..1.</param>
/// <param name="Support">Clips that truly are of this class.</param>
/// <param name="Auc">Area under the ROC curve, one class against the rest; NaN where undefined.</param>
/// <param name="AveragePrecision">Area under the precision-recall steps; NaN where undefined.</param>
public sealed record ClassMetrics(
    string Label,
    double Precision,
    double Recall,
    double F1,
    int Support,
    double Auc,
    double AveragePrecision
);
