namespace AttnCrnn.Metrics;

/// <summary>
/// Metrics of a confusion matrix. Counts are in row-major order, [truth * classes + predicted], so that a bootstrap can
/// sum them per speaker and evaluate thousands of resamples.
/// </summary>
internal static class ConfusionMetrics
{
    /// <summary>Fraction of correctly predicted clips (weighted accuracy, WA), 0..1.</summary>
    public static double ComputeAccuracy(ReadOnlySpan<int> counts, int classes)
    {
        long correct = 0;
        long total = 0;
        for (int k = 0; k < classes; k++)
            correct += counts[(k * classes) + k];
        foreach (int count in counts)
            total += count;
        return correct / (double)total;
    }

    /// <summary>Mean recall over the classes that have clips: scikit-learn's balanced accuracy, 0..1.</summary>
    public static double ComputeUar(ReadOnlySpan<int> counts, int classes)
    {
        double sum = 0;
        int present = 0;
        for (int k = 0; k < classes; k++)
        {
            long support = CountSupport(counts, classes, k);
            if (support == 0)
                continue;
            sum += counts[(k * classes) + k] / (double)support;
            present++;
        }
        return sum / present;
    }

    /// <summary>
    /// Mean F1 over the classes selected by <paramref name="averaged"/>; a class without true or predicted clips has F1
    /// 0.
    /// </summary>
    public static double ComputeMacroF1(ReadOnlySpan<int> counts, int classes, ReadOnlySpan<bool> averaged)
    {
        double sum = 0;
        int selected = 0;
        for (int k = 0; k < classes; k++)
        {
            if (!averaged[k])
                continue;
            sum += Divide(
                2L * counts[(k * classes) + k],
                CountSupport(counts, classes, k) + CountPredicted(counts, classes, k)
            );
            selected++;
        }
        return sum / selected;
    }

    /// <summary>Number of clips of a class.</summary>
    public static long CountSupport(ReadOnlySpan<int> counts, int classes, int label)
    {
        long sum = 0;
        foreach (int count in counts.Slice(label * classes, classes))
            sum += count;
        return sum;
    }

    /// <summary>Number of clips predicted as a class.</summary>
    public static long CountPredicted(ReadOnlySpan<int> counts, int classes, int label)
    {
        long sum = 0;
        for (int truth = 0; truth < classes; truth++)
            sum += counts[(truth * classes) + label];
        return sum;
    }

    /// <summary>
    /// Multi-class Matthews correlation coefficient (Gorodkin 2004, R_K); 0 if labels or predictions are constant.
    /// </summary>
    public static double ComputeMatthews(ReadOnlySpan<int> counts, int classes)
    {
        double correct = 0;
        double total = 0;
        double product = 0;
        double truthSquares = 0;
        double predictedSquares = 0;
        for (int k = 0; k < classes; k++)
        {
            double truth = CountSupport(counts, classes, k);
            double predicted = CountPredicted(counts, classes, k);
            correct += counts[(k * classes) + k];
            total += truth;
            product += truth * predicted;
            truthSquares += truth * truth;
            predictedSquares += predicted * predicted;
        }
        double variances = ((total * total) - truthSquares) * ((total * total) - predictedSquares);
        return variances == 0 ? 0 : ((correct * total) - product) / Math.Sqrt(variances);
    }

    /// <summary>Cohen's kappa, agreement beyond chance; NaN if the expected agreement is 1.</summary>
    public static double ComputeKappa(ReadOnlySpan<int> counts, int classes)
    {
        double correct = 0;
        double total = 0;
        double product = 0;
        for (int k = 0; k < classes; k++)
        {
            double truth = CountSupport(counts, classes, k);
            correct += counts[(k * classes) + k];
            total += truth;
            product += truth * CountPredicted(counts, classes, k);
        }
        double maxAgreementAboveChance = (total * total) - product;
        return maxAgreementAboveChance == 0 ? double.NaN : ((correct * total) - product) / maxAgreementAboveChance;
    }

    /// <summary>A ratio of counts, 0 if the denominator is 0 (scikit-learn's zero_division=0).</summary>
    public static double Divide(long numerator, long denominator) =>
        denominator == 0 ? 0 : numerator / (double)denominator;
}
