namespace AttnCrnn.Metrics;

/// <summary>Losses of predicted probabilities.</summary>
internal static class ProbabilityLoss
{
    /// <summary>
    /// Probabilities are clipped to [ε, 1 - ε] with the machine epsilon of double, as in scikit-learn.
    /// </summary>
    private const double Epsilon = 2.220446049250313e-16;

    public static double ComputeLogLoss(int[] truth, IReadOnlyList<double[]> probabilities)
    {
        double sum = 0;
        for (int i = 0; i < truth.Length; i++)
            sum -= Math.Log(Math.Clamp(probabilities[i][truth[i]], Epsilon, 1 - Epsilon));
        return sum / truth.Length;
    }

    public static double ComputeBrier(int[] truth, IReadOnlyList<double[]> probabilities)
    {
        double sum = 0;
        for (int i = 0; i < truth.Length; i++)
        {
            for (int k = 0; k < probabilities[i].Length; k++)
            {
                double distance = probabilities[i][k] - (k == truth[i] ? 1 : 0);
                sum += distance * distance;
            }
        }
        return sum / truth.Length;
    }
}
