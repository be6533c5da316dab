namespace AttnCrnn.Metrics;

/// <summary>
/// Metrics of a confusion matrix. Counts are in row-major order, [truth * classes + predicted], so that a bootstrap can
/// sum them per speaker and evaluate thousands of resamples.
/// </summary>
internal static class ConfusionMetrics
{
    /// <summary>Fraction of correctly predicted clips (weighted accuracy, WA), 0..1.</summary>
    public static double Accuracy(ReadOnlySpan<int> counts, int classes)
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
    public static double Uar(ReadOnlySpan<int> counts, int classes)
    {
        double sum = 0;
        int present = 0;
        for (int k = 0; k < classes; k++)
        {
            long support = Support(counts, classes, k);
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
    public static double MacroF1(ReadOnlySpan<int> counts, int classes, ReadOnlySpan<bool> averaged)
    {
        double sum = 0;
        int selected = 0;
        for (int k = 0; k < classes; k++)
        {
            if (!averaged[k])
                continue;
            sum += Ratio(2L * counts[(k * classes) + k], Support(counts, classes, k) + Predicted(counts, classes, k));
            selected++;
        }
        return sum / selected;
    }

    /// <summary>Number of clips of a class.</summary>
    public static long Support(ReadOnlySpan<int> counts, int classes, int label)
    {
        long sum = 0;
        foreach (int count in counts.Slice(label * classes, classes))
            sum += count;
        return sum;
    }

    /// <summary>Number of clips predicted as a class.</summary>
    public static long Predicted(ReadOnlySpan<int> counts, int classes, int label)
    {
        long sum = 0;
        for (int truth = 0; truth < classes; truth++)
            sum += counts[(truth * classes) + label];
        return sum;
    }

    /// <summary>
    /// Multi-class Matthews correlation coefficient (Gorodkin 2004, R_K); 0 if labels or predictions are constant.
    /// </summary>
    public static double Matthews(ReadOnlySpan<int> counts, int classes)
    {
        double correct = 0;
        double total = 0;
        double product = 0;
        double truthSquares = 0;
        double predictedSquares = 0;
        for (int k = 0; k < classes; k++)
        {
            double truth = Support(counts, classes, k);
            double predicted = Predicted(counts, classes, k);
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
    public static double Kappa(ReadOnlySpan<int> counts, int classes)
    {
        double correct = 0;
        double total = 0;
        double product = 0;
        for (int k = 0; k < classes; k++)
        {
            double truth = Support(counts, classes, k);
            correct += counts[(k * classes) + k];
            total += truth;
            product += truth * Predicted(counts, classes, k);
        }
        double byChance = (total * total) - product;
        return byChance == 0 ? double.NaN : ((correct * total) - product) / byChance;
    }

    /// <summary>A ratio of counts, 0 if the denominator is 0 (scikit-learn's zero_division=0).</summary>
    public static double Ratio(long part, long whole) => whole == 0 ? 0 : part / (double)whole;
}
