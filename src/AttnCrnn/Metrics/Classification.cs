namespace AttnCrnn.Metrics;

/// <summary>
/// Classification metrics of predicted probabilities. Values equal scikit-learn's; a class without clips has recall 0
/// in the macro averages and is excluded from <see cref="Uar"/>.
/// </summary>
public sealed class Classification
{
    private readonly RocCurve[] roc;

    private Classification(IReadOnlyList<string> labels, int[] truth, IReadOnlyList<double[]> probabilities)
    {
        int classes = labels.Count;
        int[] predicted = [.. probabilities.Select(row => ClassProbabilities.FindMostProbable(row))];
        var counts = new int[classes * classes];
        for (int i = 0; i < truth.Length; i++)
            counts[(truth[i] * classes) + predicted[i]]++;

        Labels = labels;
        ClipCount = truth.Length;
        Confusion = new int[classes, classes];
        Buffer.BlockCopy(counts, 0, Confusion, 0, counts.Length * sizeof(int));
        roc =
        [
            .. Enumerable
                .Range(0, classes)
                .Select(k =>
                    RocCurve.Compute([.. probabilities.Select(row => row[k])], [.. truth.Select(t => t == k)])
                ),
        ];
        PerClass = [.. Enumerable.Range(0, classes).Select(k => ComputeClassMetrics(counts, k))];
        Accuracy = ConfusionMetrics.ComputeAccuracy(counts, classes);
        Uar = ConfusionMetrics.ComputeUar(counts, classes);
        Matthews = ConfusionMetrics.ComputeMatthews(counts, classes);
        Kappa = ConfusionMetrics.ComputeKappa(counts, classes);
        MacroAuc = roc.Where(curve => curve.IsDefined).Select(curve => curve.Auc).DefaultIfEmpty(double.NaN).Average();
        LogLoss = ProbabilityLoss.ComputeLogLoss(truth, probabilities);
        Brier = ProbabilityLoss.ComputeBrier(truth, probabilities);
        CalibrationBins = Calibration.Compute(
            [.. probabilities.Select(row => row.Max())],
            [.. truth.Zip(predicted, (t, p) => t == p)]
        );
        Ece = Calibration.ComputeError(CalibrationBins);
    }

    /// <summary>The classes, in the order of all per-class metrics.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Number of clips.</summary>
    public int ClipCount { get; }

    /// <summary>[true class, predicted class], number of clips.</summary>
    public int[,] Confusion { get; }

    /// <summary>[classes].</summary>
    public IReadOnlyList<ClassMetrics> PerClass { get; }

    /// <summary>Fraction of correctly predicted clips (weighted accuracy, WA), 0..1.</summary>
    public double Accuracy { get; }

    /// <summary>
    /// Unweighted average recall: mean recall over the classes that have clips (balanced accuracy), 0..1.
    /// </summary>
    public double Uar { get; }

    /// <summary>The classes that have clips, over which <see cref="Uar"/> is a mean.</summary>
    public IReadOnlyList<string> ClassesWithClips =>
        [.. PerClass.Where(metrics => metrics.Support > 0).Select(metrics => metrics.Label)];

    /// <summary>The classes that have no clips.</summary>
    public IReadOnlyList<string> ClassesWithoutClips =>
        [.. PerClass.Where(metrics => metrics.Support == 0).Select(metrics => metrics.Label)];

    /// <summary>Mean over all classes, present or not.</summary>
    public double MacroPrecision => PerClass.Average(metrics => metrics.Precision);

    /// <summary>
    /// Mean over all classes, present or not, as in scikit-learn's classification_report: less than <see cref="Uar"/>
    /// if a class has no clips.
    /// </summary>
    public double MacroRecall => PerClass.Average(metrics => metrics.Recall);

    /// <summary>Mean over all classes, present or not.</summary>
    public double MacroF1 => PerClass.Average(metrics => metrics.F1);

    /// <summary>Mean over classes, weighted by support.</summary>
    public double WeightedPrecision => ComputeWeightedMean(metrics => metrics.Precision);

    /// <summary>Mean over classes, weighted by support; equals <see cref="Accuracy"/>.</summary>
    public double WeightedRecall => ComputeWeightedMean(metrics => metrics.Recall);

    /// <summary>Mean over classes, weighted by support.</summary>
    public double WeightedF1 => ComputeWeightedMean(metrics => metrics.F1);

    /// <summary>Mean one-vs-rest AUC over the classes where it is defined; NaN if there is none.</summary>
    public double MacroAuc { get; }

    /// <summary>
    /// Mean one-vs-rest average precision over the classes where it is defined; NaN if there is none.
    /// </summary>
    public double MacroAveragePrecision =>
        roc.Where(curve => curve.IsDefined)
            .Select(curve => curve.AveragePrecision)
            .DefaultIfEmpty(double.NaN)
            .Average();

    /// <summary>
    /// Mean negative natural logarithm of the true class's probability, clipped to [2.2e-16, 1 - 2.2e-16].
    /// </summary>
    public double LogLoss { get; }

    /// <summary>
    /// Multi-class Brier score: squared error of the probabilities, summed over classes, averaged over clips, 0..2.
    /// </summary>
    public double Brier { get; }

    /// <summary>Expected calibration error over <see cref="CalibrationBins"/>, 0..1.</summary>
    public double Ece { get; }

    /// <summary>Fifteen bins of equal width of the highest probability.</summary>
    public IReadOnlyList<CalibrationBin> CalibrationBins { get; }

    /// <summary>Matthews correlation coefficient, -1..1; 0 if labels or predictions are constant.</summary>
    public double Matthews { get; }

    /// <summary>Cohen's kappa, at most 1; NaN if all labels and predictions are the same class.</summary>
    public double Kappa { get; }

    /// <summary>Computes the metrics of labels and probabilities.</summary>
    /// <param name="truth">[clips], indices into <paramref name="labels"/>.</param>
    /// <param name="probabilities">
    /// [clips][classes]; the prediction is the most probable class, the first one in a tie.
    /// </param>
    /// <param name="labels">[classes], all different.</param>
    /// <exception cref="InvalidInputException">There are no clips.</exception>
    /// <exception cref="ArgumentException">
    /// Lengths or indices do not fit together, or a probability is not between 0 and 1.
    /// </exception>
    public static Classification Compute(
        IReadOnlyList<int> truth,
        IReadOnlyList<double[]> probabilities,
        IReadOnlyList<string> labels
    )
    {
        if (truth.Count == 0)
            throw new InvalidInputException("no clips to evaluate: expected at least one clip with a label");
        if (labels.Count == 0 || labels.Distinct().Count() != labels.Count)
            throw new ArgumentException(
                $"labels [{string.Join(", ", labels)}]: expected at least one, all different",
                nameof(labels)
            );
        if (probabilities.Count != truth.Count)
            throw new ArgumentException(
                $"{probabilities.Count} rows of probabilities for {truth.Count} clips",
                nameof(probabilities)
            );
        for (int i = 0; i < truth.Count; i++)
        {
            if (truth[i] < 0 || truth[i] >= labels.Count)
                throw new ArgumentException(
                    $"clip {i} is of class {truth[i]}, but there are {labels.Count} classes",
                    nameof(truth)
                );
            if (probabilities[i].Length != labels.Count)
                throw new ArgumentException(
                    $"clip {i} has {probabilities[i].Length} probabilities for {labels.Count} classes",
                    nameof(probabilities)
                );
            foreach (double p in probabilities[i])
            {
                // Also rejects NaN; a float32 softmax may exceed 1 by its last bit.
                if (p is not (>= 0 and <= 1 + 1e-6))
                    throw new ArgumentException(
                        $"clip {i} has probability {p:R}: expected 0 to 1",
                        nameof(probabilities)
                    );
            }
        }
        return new([.. labels], [.. truth], probabilities);
    }

    /// <summary>One-vs-rest ROC curve of a class.</summary>
    public RocCurve GetRoc(int label) => roc[label];

    /// <summary>Formats the metrics as scikit-learn's classification_report, ending in a newline.</summary>
    /// <param name="digits">Digits after the point, 0 to 12.</param>
    public string ToReportText(int digits = 4) => ReportText.Format(this, digits);

    private ClassMetrics ComputeClassMetrics(int[] counts, int label)
    {
        int classes = Labels.Count;
        long correct = counts[(label * classes) + label];
        long support = ConfusionMetrics.CountSupport(counts, classes, label);
        long predicted = ConfusionMetrics.CountPredicted(counts, classes, label);
        return new(
            Labels[label],
            ConfusionMetrics.Divide(correct, predicted),
            ConfusionMetrics.Divide(correct, support),
            ConfusionMetrics.Divide(2 * correct, support + predicted),
            (int)support,
            roc[label].Auc,
            roc[label].AveragePrecision
        );
    }

    private double ComputeWeightedMean(Func<ClassMetrics, double> metric) =>
        PerClass.Sum(metrics => metrics.Support * metric(metrics)) / ClipCount;
}
