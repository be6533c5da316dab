using AttnCrnn.Metrics;

namespace AttnCrnn.Evaluation.Statistics;

/// <summary>
/// Metrics of resamples of one set of clips: a resample is the number of times each speaker was drawn, and a clip
/// counts as often as its speaker. Clips are sorted and counted only once, so that 2,000 resamples of 10,000 clips take
/// a fraction of a second. A class without clips in a resample is excluded from that resample's means.
/// </summary>
internal sealed class BootstrapMetrics
{
    private const int OverallMetrics = 4;
    private const int ClassMetricCount = 3;

    private readonly int classes;
    private readonly UnitConfusion confusion;
    private readonly bool[] hasClips;
    private readonly bool[] averaged;
    private readonly int[] counts;
    private readonly Func<int[], double>[] aucOfClass;

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
        averaged = new bool[classes];
        counts = new int[classes * classes];
        var units = unitOfClip.Max() + 1;
        // Of the two ways with the same result, the one with fewer steps per resample.
        var countsPairs = (long)units * units <= truth.Length;
        aucOfClass =
        [
            .. Enumerable
                .Range(0, classes)
                .Select(k =>
                {
                    var ranking = new ClassRanking(
                        [.. predictions.Select(clip => clip.Probabilities[k])],
                        [.. truth.Select(t => t == k)],
                        unitOfClip
                    );
                    return countsPairs ? ranking.CountPairs(units).ComputeAuc : (Func<int[], double>)ranking.ComputeAuc;
                }),
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

    /// <summary>Index of a class's recall among the values; its precision and its F1 follow.</summary>
    public static int GetRecall(int label) => OverallMetrics + (ClassMetricCount * label);

    /// <summary>Computes the metrics of a resample; undefined ones are NaN.</summary>
    /// <param name="unitCounts">[units], number of times each was drawn.</param>
    /// <param name="values">[<see cref="Count"/>], receives the metrics.</param>
    public void Compute(int[] unitCounts, Span<double> values)
    {
        confusion.Sum(unitCounts, counts);
        double aucSum = 0;
        int definedCount = 0;
        for (int k = 0; k < classes; k++)
        {
            bool present = ConfusionMetrics.CountSupport(counts, classes, k) > 0;
            averaged[k] = present || !hasClips[k];
            ComputeClass(k, values.Slice(GetRecall(k), ClassMetricCount));
            if (!present)
                continue;
            double auc = aucOfClass[k](unitCounts);
            if (double.IsNaN(auc))
                continue;
            aucSum += auc;
            definedCount++;
        }
        values[Uar] = ConfusionMetrics.ComputeUar(counts, classes);
        values[Accuracy] = ConfusionMetrics.ComputeAccuracy(counts, classes);
        values[MacroF1] = ConfusionMetrics.ComputeMacroF1(counts, classes, averaged);
        values[MacroAuc] = definedCount == 0 ? double.NaN : aucSum / definedCount;
    }

    private void ComputeClass(int label, Span<double> values)
    {
        long correct = counts[(label * classes) + label];
        var support = ConfusionMetrics.CountSupport(counts, classes, label);
        var predicted = ConfusionMetrics.CountPredicted(counts, classes, label);
        values[0] = support == 0 ? double.NaN : ConfusionMetrics.Divide(correct, support);
        values[1] = support == 0 ? double.NaN : ConfusionMetrics.Divide(correct, predicted);
        values[2] = support == 0 ? double.NaN : ConfusionMetrics.Divide(2 * correct, support + predicted);
    }
}
