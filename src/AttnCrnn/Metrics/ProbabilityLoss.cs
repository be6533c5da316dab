namespace AttnCrnn.Metrics;

/// <summary>Losses of predicted probabilities.</summary>
internal static class ProbabilityLoss
{
    /// <summary>
    /// Probabilities are clipped to [ε, 1 - ε] with the machine epsilon of double, as in scikit-learn.
    /// </summary>
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>Mean over clips.</summary>
    public static double ComputeLogLoss(int[] truth, IReadOnlyList<double[]> probabilities) =>
        truth.Index().Sum(clip => ComputeLogLoss(clip.Item, probabilities[clip.Index])) / truth.Length;

    /// <summary>Of a clip.</summary>
    public static double ComputeLogLoss(int truth, double[] probabilities) =>
        -Math.Log(Math.Clamp(probabilities[truth], Epsilon, 1 - Epsilon));

    /// <summary>Mean over clips.</summary>
    public static double ComputeBrier(int[] truth, IReadOnlyList<double[]> probabilities) =>
        truth.Index().Sum(clip => ComputeBrier(clip.Item, probabilities[clip.Index])) / truth.Length;

    /// <summary>Of a clip: the squared distances of all classes, 0 to 2.</summary>
    public static double ComputeBrier(int truth, double[] probabilities)
    {
        double sum = 0;
        for (int k = 0; k < probabilities.Length; k++)
        {
            double distance = probabilities[k] - (k == truth ? 1 : 0);
            sum += distance * distance;
        }
        return sum;
    }
}
