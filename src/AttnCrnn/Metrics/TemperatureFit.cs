using MathNet.Numerics.RootFinding;

namespace AttnCrnn.Metrics;

/// <summary>Fits the temperature of <see cref="Temperature"/> on the validation set.</summary>
public static class TemperatureFit
{
    /// <summary>Fits the temperature that minimizes the negative log-likelihood.</summary>
    /// <param name="truth">[clips], class indices.</param>
    /// <param name="probabilities">[clips][classes], at temperature 1.</param>
    /// <returns>Between <see cref="Temperature.Min"/> and <see cref="Temperature.Max"/>; 1 without clips.</returns>
    public static Temperature Compute(IReadOnlyList<int> truth, IReadOnlyList<double[]> probabilities)
    {
        if (truth.Count != probabilities.Count)
            throw new ArgumentException(
                $"{probabilities.Count} rows of probabilities for {truth.Count} clips",
                nameof(probabilities)
            );
        if (truth.Count == 0)
            return new(1);

        // The loss is convex in 1/T: its derivative has at most one zero, and bracketed Newton iteration finds it.
        double[][] logits = [.. probabilities.Select(Temperature.ComputeLogits)];
        double lower = 1 / Temperature.Max;
        double upper = 1 / Temperature.Min;
        if (ComputeSlope(truth, logits, lower) >= 0)
            return new(Temperature.Max);
        if (ComputeSlope(truth, logits, upper) <= 0)
            return new(Temperature.Min);
        double root = RobustNewtonRaphson.FindRoot(
            inverse => ComputeSlope(truth, logits, inverse),
            inverse => ComputeCurvature(logits, inverse),
            lower,
            upper,
            accuracy: 1e-12,
            maxIterations: 200
        );
        return new(1 / root);
    }

    /// <summary>
    /// Derivative of the mean loss with respect to 1/T: expected logit under the prediction, minus the true class's
    /// logit.
    /// </summary>
    private static double ComputeSlope(IReadOnlyList<int> truth, double[][] logits, double inverse) =>
        logits.Select((row, i) => ComputeMean(row, Temperature.ComputeSoftmax(row, inverse)) - row[truth[i]]).Average();

    /// <summary>Second derivative: variance of the logit under the prediction.</summary>
    private static double ComputeCurvature(double[][] logits, double inverse) =>
        logits.Average(row =>
        {
            double[] probabilities = Temperature.ComputeSoftmax(row, inverse);
            double mean = ComputeMean(row, probabilities);
            return row.Zip(probabilities, (logit, probability) => probability * (logit - mean) * (logit - mean)).Sum();
        });

    private static double ComputeMean(double[] values, double[] probabilities)
    {
        double sum = 0;
        for (int k = 0; k < values.Length; k++)
            sum += values[k] * probabilities[k];
        return sum;
    }
}
