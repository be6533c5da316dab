using AttnCrnn.Metrics;

namespace AttnCrnn.Evaluation.Statistics;

/// <summary>
/// Metrics of resamples of one set of clips: a resample is the number of times each speaker was drawn, and a clip
/// counts as often as its speaker. Clips are sorted and counted only once, so that 2,000 resamples of 10,000 clips take
/// less than a second. A class without clips in a resample is excluded from that resample's means.
/// </summary>
internal sealed class BootstrapMetrics
{
    private const int OverallMetrics = 8;
    private const int ClassMetricCount = 5;

    private readonly int classes;
    private readonly UnitConfusion confusion;
    private readonly bool[] hasClips;
    private readonly ClassRanking[] rankings;
    private readonly UnitCalibration calibration;

    public BootstrapMetrics(int[] truth, IReadOnlyList<ClipPrediction> predictions, int classes, int[] unitOfClip)
    {
        this.classes = classes;
        int[] cellOfClip =
        [
            .. truth.Select(
                (t, i) => (t * classes) + ClassProbabilities.FindMostProbable(predictions[i].Probabilities)
            ),
        ];
        confusion = new(cellOfClip, unitOfClip);
        hasClips = [.. Enumerable.Range(0, classes).Select(k => truth.Contains(k))];
        double[][] probabilities = [.. predictions.Select(clip => clip.Probabilities)];
        calibration = new(truth, probabilities, unitOfClip);
        rankings =
        [
            .. Enumerable
                .Range(0, classes)
                .Select(k => new ClassRanking(
                    [.. probabilities.Select(row => row[k])],
                    [.. truth.Select(t => t == k)],
                    unitOfClip
                )),
        ];
    }

    /// <summary>Number of values of a resample.</summary>
    public int Count => OverallMetrics + (ClassMetricCount * classes);

    /// <summary>Index of UAR among the values.</summary>
    public static int Uar => 0;

    /// <summary>Index of accuracy among the values.</summary>
    public static int Accuracy => 1;

    /// <summary>Index of macro F1 among the values.</summary>
    public static int MacroF1 => 2;

    /// <summary>Index of the mean one-vs-rest AUC among the values.</summary>
    public static int MacroAuc => 3;

    /// <summary>Index of the mean one-vs-rest average precision among the values.</summary>
    public static int MacroAveragePrecision => 4;

    /// <summary>Index of the log loss among the values.</summary>
    public static int LogLoss => 5;

    /// <summary>Index of the Brier score among the values.</summary>
    public static int Brier => 6;

    /// <summary>Index of the expected calibration error among the values.</summary>
    public static int Ece => 7;

    /// <summary>
    /// Index of a class's recall among the values; its precision, F1, area under the ROC curve and average precision
    /// follow.
    /// </summary>
    public static int GetRecall(int label) => OverallMetrics + (ClassMetricCount * label);

    /// <summary>
    /// Number of units that determine each of a class's metrics, of those with clips of the class or predicted as it.
    /// </summary>
    public IReadOnlyList<int> CountUnits(int label)
    {
        var actual = confusion.CountUnits(cell => cell / classes == label);
        var predicted = confusion.CountUnits(cell => cell % classes == label);
        return [actual, predicted, Math.Min(actual, predicted), actual, actual];
    }

    /// <summary>Computes the metrics of a resample; undefined ones are NaN.</summary>
    /// <param name="unitCounts">[units], number of times each was drawn.</param>
    /// <param name="values">[<see cref="Count"/>], receives the metrics.</param>
    public void Compute(int[] unitCounts, Span<double> values)
    {
        var counts = new int[classes * classes];
        var averaged = new bool[classes];
        confusion.Sum(unitCounts, counts);
        double aucSum = 0;
        double averagePrecisionSum = 0;
        int definedCount = 0;
        for (int k = 0; k < classes; k++)
        {
            var ofClass = values.Slice(GetRecall(k), ClassMetricCount);
            bool present = ConfusionMetrics.CountSupport(counts, classes, k) > 0;
            averaged[k] = present || !hasClips[k];
            ComputeClass(k, counts, ofClass);
            (ofClass[3], ofClass[4]) = present ? rankings[k].Compute(unitCounts) : (double.NaN, double.NaN);
            if (double.IsNaN(ofClass[3]))
                continue;
            aucSum += ofClass[3];
            averagePrecisionSum += ofClass[4];
            definedCount++;
        }
        values[Uar] = ConfusionMetrics.ComputeUar(counts, classes);
        values[Accuracy] = ConfusionMetrics.ComputeAccuracy(counts, classes);
        values[MacroF1] = ConfusionMetrics.ComputeMacroF1(counts, classes, averaged);
        values[MacroAuc] = aucSum / definedCount; // NaN without classes
        values[MacroAveragePrecision] = averagePrecisionSum / definedCount;
        (values[LogLoss], values[Brier], values[Ece]) = calibration.Compute(unitCounts);
    }

    private void ComputeClass(int label, int[] counts, Span<double> values)
    {
        long correct = counts[(label * classes) + label];
        var support = ConfusionMetrics.CountSupport(counts, classes, label);
        var predicted = ConfusionMetrics.CountPredicted(counts, classes, label);
        values[0] = support == 0 ? double.NaN : ConfusionMetrics.Divide(correct, support);
        values[1] = support == 0 ? double.NaN : ConfusionMetrics.Divide(correct, predicted);
        values[2] = support == 0 ? double.NaN : ConfusionMetrics.Divide(2 * correct, support + predicted);
    }
}
