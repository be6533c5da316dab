namespace AttnCrnn.Metrics;

/// <summary>
/// Class weights that give all present classes equal total weight: scikit-learn's <c>class_weight="balanced"</c>.
/// </summary>
public static class BalancedWeights
{
    /// <summary>Computes clips / (classes present * clips of the class); the mean over the clips is 1.</summary>
    /// <param name="truth">[clips], class indices, 0 to <paramref name="classes"/> - 1.</param>
    /// <param name="classes">Number of classes.</param>
    /// <returns>[classes]; 0 for a class without clips.</returns>
    /// <exception cref="ArgumentException">There are no clips.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A class index is out of range.</exception>
    public static double[] Compute(IReadOnlyList<int> truth, int classes)
    {
        if (truth.Count == 0)
            throw new ArgumentException("no clips: class weights need at least one", nameof(truth));
        var counts = new int[classes];
        foreach (int label in truth)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(label, nameof(truth));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(label, classes, nameof(truth));
            counts[label]++;
        }
        return Compute([.. counts.Select(count => (double)count)]);
    }

    /// <summary>Computes clips / (classes present * clips of the class).</summary>
    /// <param name="counts">[classes], clips of each class; with soft targets, not whole numbers.</param>
    /// <returns>[classes]; 0 for a class without clips.</returns>
    internal static double[] Compute(double[] counts)
    {
        var clips = counts.Sum();
        double present = counts.Count(count => count > 0);
        return [.. counts.Select(count => count == 0 ? 0 : clips / (present * count))];
    }
}
