namespace AttnCrnn.Metrics;

/// <summary>
/// One-vs-rest receiver operating characteristic of a class: scikit-learn's <c>roc_curve</c>, which by default drops
/// collinear points. Without clips inside and outside the class there are no points and both areas are NaN.
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

    /// <summary>[points], ascending from 0 to 1.</summary>
    public IReadOnlyList<double> FalsePositiveRate { get; }

    /// <summary>[points], ascending from 0 to 1.</summary>
    public IReadOnlyList<double> TruePositiveRate { get; }

    /// <summary>
    /// [points], descending: a clip is predicted positive if its probability is at least the threshold; the first is
    /// +infinity.
    /// </summary>
    public IReadOnlyList<double> Thresholds { get; }

    /// <summary>Area under the curve, 0..1, or NaN if undefined.</summary>
    public double Auc { get; }

    /// <summary>Sum over thresholds of precision times the increase in recall, 0..1, or NaN if undefined.</summary>
    public double AveragePrecision { get; }

    /// <summary>Whether there are clips inside and outside the class.</summary>
    public bool IsDefined => Thresholds.Count > 0;

    /// <param name="scores">[clips], probability of the class.</param>
    /// <param name="inClass">[clips], whether the clip belongs to the class.</param>
    internal static RocCurve Compute(double[] scores, bool[] inClass)
    {
        var (falsePositives, truePositives, thresholds) = ComputeSteps(scores, inClass);
        long positives = truePositives[^1];
        long negatives = falsePositives[^1];
        if (positives == 0 || negatives == 0)
            return new([], [], [], double.NaN, double.NaN);

        // Twice the number of correctly ordered (positive, negative) pairs, ties counting half: integers, so no
        // rounding.
        long twicePairs = 0;
        double averagePrecision = 0;
        for (int i = 0; i < thresholds.Count; i++)
        {
            long previousFalsePositives = i == 0 ? 0 : falsePositives[i - 1];
            long previousTruePositives = i == 0 ? 0 : truePositives[i - 1];
            twicePairs += (falsePositives[i] - previousFalsePositives) * (truePositives[i] + previousTruePositives);
            double precision = truePositives[i] / (double)(truePositives[i] + falsePositives[i]);
            averagePrecision += precision * ((truePositives[i] - previousTruePositives) / (double)positives);
        }
        double auc = twicePairs / (2.0 * positives * negatives);

        var corners = Enumerable
            .Range(0, thresholds.Count)
            .Where(i => IsCorner(falsePositives, i) || IsCorner(truePositives, i))
            .ToArray();
        return new(
            [0, .. corners.Select(i => falsePositives[i] / (double)negatives)],
            [0, .. corners.Select(i => truePositives[i] / (double)positives)],
            [double.PositiveInfinity, .. corners.Select(i => thresholds[i])],
            auc,
            averagePrecision
        );
    }

    /// <summary>Cumulative counts of clips at or above each distinct score, in descending order of scores.</summary>
    private static (List<long> FalsePositives, List<long> TruePositives, List<double> Thresholds) ComputeSteps(
        double[] scores,
        bool[] inClass
    )
    {
        var order = Enumerable.Range(0, scores.Length).ToArray();
        Array.Sort(order, (a, b) => scores[b].CompareTo(scores[a]));
        List<long> falsePositives = [];
        List<long> truePositives = [];
        List<double> thresholds = [];
        long fp = 0;
        long tp = 0;
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

    /// <summary>
    /// An end of the curve, or a point where the slope changes; the others are collinear with their neighbors.
    /// </summary>
    private static bool IsCorner(List<long> counts, int i) =>
        i == 0 || i == counts.Count - 1 || counts[i + 1] - counts[i] != counts[i] - counts[i - 1];
}
