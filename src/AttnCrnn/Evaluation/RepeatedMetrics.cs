namespace AttnCrnn.Evaluation;

/// <summary>Metrics of one seed of a repeated run; with folds, of their pooled test sets.</summary>
/// <param name="Seed">Seed of the training; the split is the same for all.</param>
/// <param name="Uar">Unweighted average recall, 0..1.</param>
/// <param name="Accuracy">Fraction of correctly predicted clips, 0..1.</param>
/// <param name="MacroF1">Mean F1 over the classes, 0..1.</param>
public readonly record struct SeedMetrics(ulong Seed, double Uar, double Accuracy, double MacroF1);

/// <summary>
/// Metrics of several seeds on the same test clips: how much of a difference between two runs is chance of the
/// training, of initial weights and order. It says nothing about other speakers, as the confidence interval does.
/// </summary>
/// <param name="Seeds">The evaluated seeds, ascending; at least one.</param>
/// <param name="Requested">Number of seeds of the run, of which some may not be evaluated yet.</param>
public sealed record RepeatedMetrics(IReadOnlyList<SeedMetrics> Seeds, int Requested)
{
    /// <summary>Mean and standard deviation of UAR over the seeds.</summary>
    public MeanAndStd Uar => ComputeMeanAndStd(metrics => metrics.Uar);

    /// <summary>Mean and standard deviation of accuracy over the seeds.</summary>
    public MeanAndStd Accuracy => ComputeMeanAndStd(metrics => metrics.Accuracy);

    /// <summary>Mean and standard deviation of macro F1 over the seeds.</summary>
    public MeanAndStd MacroF1 => ComputeMeanAndStd(metrics => metrics.MacroF1);

    private MeanAndStd ComputeMeanAndStd(Func<SeedMetrics, double> metric) => MeanAndStd.Compute(Seeds.Select(metric));
}
