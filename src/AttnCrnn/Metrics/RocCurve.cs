namespace AttnCrnn.Metrics;

/// <summary>
/// Receiver operating characteristic of one class against the rest: scikit-learn's <c>roc_curve</c> with its default of leaving out points
/// on a straight line. Needs clips inside and outside the class; where one kind is missing there are no points and both areas are NaN.
/// </summary>
public sealed class RocCurve
{
    private RocCurve(
        double[] falsePositiveRate,
        double[] truePositiveRate,
        double[] thresholds,
        double auc,
        double averagePrecision
    )
    {
        FalsePositiveRate = falsePositiveRate;
        TruePositiveRate = truePositiveRate;
        Thresholds = thresholds;
        Auc = auc;
        AveragePrecision = averagePrecision;
    }

    /// <summary>[points], rising from 0 to 1.</summary>
    public IReadOnlyList<double> FalsePositiveRate { get; }

    /// <summary>[points], rising from 0 to 1.</summary>
    public IReadOnlyList<double> TruePositiveRate { get; }

    /// <summary>[points], falling: a clip counts as of the class when its probability is at least this; the first is +infinity.</summary>
    public IReadOnlyList<double> Thresholds { get; }

    /// <summary>Area under the curve, 0..1, or NaN where undefined.</summary>
    public double Auc { get; }

    /// <summary>Sum over thresholds of precision times the recall gained, 0..1, or NaN where undefined.</summary>
    public double AveragePrecision { get; }

    /// <summary>Whether there are clips inside and outside the class.</summary>
    public bool IsDefined => Thresholds.Count > 0;

    /// <param name="scores">[clips], the class's probability.</param>
    /// <param name="inClass">[clips], whether the clip truly is of the class.</param>
    internal static RocCurve Compute(double[] scores, bool[] inClass)
    {
        var (falsePositives, truePositives, thresholds) = Steps(scores, inClass);
        long positives = truePositives[^1],
            negatives = falsePositives[^1];
        if (positives == 0 || negatives == 0)
            return new([], [], [], double.NaN, double.NaN);

        // Twice the number of (positive, negative) pairs in the right order, a tie counting half: whole numbers, so no rounding.
        long twicePairs = 0;
        double averagePrecision = 0;
        for (int i = 0; i < thresholds.Count; i++)
        {
            long fpBefore = i == 0 ? 0 : falsePositives[i - 1],
                tpBefore = i == 0 ? 0 : truePositives[i - 1];
            twicePairs += (falsePositives[i] - fpBefore) * (truePositives[i] + tpBefore);
            double precision = truePositives[i] / (double)(truePositives[i] + falsePositives[i]);
            averagePrecision += precision * ((truePositives[i] - tpBefore) / (double)positives);
        }
        double auc = twicePairs / (2.0 * positives * negatives);

        var kept = Enumerable
            .Range(0, thresholds.Count)
            .Where(i => IsCorner(falsePositives, i) || IsCorner(truePositives, i))
            .ToArray();
        return new(
            [0, .. kept.Select(i => falsePositives[i] / (double)negatives)],
            [0, .. kept.Select(i => truePositives[i] / (double)positives)],
            [double.PositiveInfinity, .. kept.Select(i => thresholds[i])],
            auc,
            averagePrecision
        );
    }

    /// <summary>Counts of clips at or above every distinct score, from the highest score down.</summary>
    private static (List<long> FalsePositives, List<long> TruePositives, List<double> Thresholds) Steps(
        double[] scores,
        bool[] inClass
    )
    {
        var order = Enumerable.Range(0, scores.Length).ToArray();
        Array.Sort(order, (a, b) => scores[b].CompareTo(scores[a]));
        List<long> falsePositives = [],
            truePositives = [];
        List<double> thresholds = [];
        long fp = 0,
            tp = 0;
        for (int i = 0; i < order.Length; i++)
        {
            if (inClass[order[i]])
                tp++;
            else
                fp++;
            if (i + 1 < order.Length && scores[order[i + 1]] == scores[order[i]])
                continue;
            falsePositives.Add(fp);
            truePositives.Add(tp);
            thresholds.Add(scores[order[i]]);
        }
        return (falsePositives, truePositives, thresholds);
    }

    /// <summary>An end of the curve, or a point where the count's step changes; the others lie on a line between their neighbours.</summary>
    private static bool IsCorner(List<long> counts, int i) =>
        i == 0 || i == counts.Count - 1 || counts[i + 1] - counts[i] != counts[i] - counts[i - 1];
}
