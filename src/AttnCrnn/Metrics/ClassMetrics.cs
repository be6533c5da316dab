namespace AttnCrnn.Metrics;

/// <summary>
/// One-vs-rest metrics of a class, as in scikit-learn: a ratio with denominator 0 (no clip predicted, or none in the
/// class) is 0; an area is <see cref="double.NaN"/> unless there are clips inside and outside the class.
/// </summary>
/// <param name="Label">The class.</param>
/// <param name="Precision">Fraction of the clips predicted as this class that belong to it, 0..1.</param>
/// <param name="Recall">Fraction of the clips of this class that are predicted as such, 0..1.</param>
/// <param name="F1">Harmonic mean of precision and recall, 0..1.</param>
/// <param name="Support">Number of clips of this class.</param>
/// <param name="Auc">Area under the one-vs-rest ROC curve; NaN if undefined.</param>
/// <param name="AveragePrecision">Area under the precision-recall curve; NaN if undefined.</param>
public sealed record ClassMetrics(
    string Label,
    double Precision,
    double Recall,
    double F1,
    int Support,
    double Auc,
    double AveragePrecision
);
