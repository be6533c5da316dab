namespace AttnCrnn.Metrics;

/// <summary>
/// What follows from counts alone. Counts lie row by row, [truth * classes + predicted], so that a bootstrap can add up speakers' counts and
/// ask again, thousands of times, without touching a clip.
/// </summary>
internal static class ConfusionMetrics
{
    /// <summary>Share of clips predicted rightly (weighted accuracy, WA), 0..1.</summary>
    public static double Accuracy(ReadOnlySpan<int> counts, int classes)
    {
        long right = 0,
            all = 0;
        for (int k = 0; k < classes; k++)
            right += counts[(k * classes) + k];
        foreach (int count in counts)
            all += count;
        return right / (double)all;
    }

    /// <summary>Mean recall over the classes that are present in the truth: scikit-learn's balanced accuracy, 0..1.</summary>
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

    /// <summary>Mean F1 over the classes that <paramref name="averaged"/> names; a class neither true nor predicted has F1 0.</summary>
    public static double MacroF1(ReadOnlySpan<int> counts, int classes, ReadOnlySpan<bool> averaged)
    {
        double sum = 0;
        int named = 0;
        for (int k = 0; k < classes; k++)
        {
            if (!averaged[k])
                continue;
            sum += Ratio(2L * counts[(k * classes) + k], Support(counts, classes, k) + Predicted(counts, classes, k));
            named++;
        }
        return sum / named;
    }

    /// <summary>Clips that truly are of a class.</summary>
    public static long Support(ReadOnlySpan<int> counts, int classes, int label)
    {
        long sum = 0;
        foreach (int count in counts.Slice(label * classes, classes))
            sum += count;
        return sum;
    }

    /// <summary>Clips predicted to be of a class.</summary>
    public static long Predicted(ReadOnlySpan<int> counts, int classes, int label)
    {
        long sum = 0;
        for (int truth = 0; truth < classes; truth++)
            sum += counts[(truth * classes) + label];
        return sum;
    }

    /// <summary>Matthews' correlation for any number of classes (Gorodkin 2004, R_K); 0 where truth or prediction is constant.</summary>
    public static double Matthews(ReadOnlySpan<int> counts, int classes)
    {
        double right = 0,
            all = 0,
            product = 0,
            truthSquares = 0,
            predictedSquares = 0;
        for (int k = 0; k < classes; k++)
        {
            double truth = Support(counts, classes, k),
                predicted = Predicted(counts, classes, k);
            right += counts[(k * classes) + k];
            all += truth;
            product += truth * predicted;
            truthSquares += truth * truth;
            predictedSquares += predicted * predicted;
        }
        double spread = ((all * all) - truthSquares) * ((all * all) - predictedSquares);
        return spread == 0 ? 0 : ((right * all) - product) / Math.Sqrt(spread);
    }

    /// <summary>Cohen's kappa, agreement beyond chance; NaN where chance alone agrees on everything.</summary>
    public static double Kappa(ReadOnlySpan<int> counts, int classes)
    {
        double right = 0,
            all = 0,
            product = 0;
        for (int k = 0; k < classes; k++)
        {
            double truth = Support(counts, classes, k);
            right += counts[(k * classes) + k];
            all += truth;
            product += truth * Predicted(counts, classes, k);
        }
        double byChance = (all * all) - product;
        return byChance == 0 ? double.NaN : ((right * all) - product) / byChance;
    }

    /// <summary>A ratio of counts, 0 where nothing was counted (scikit-learn's zero_division=0).</summary>
    public static double Ratio(long part, long whole) => whole == 0 ? 0 : part / (double)whole;
}
