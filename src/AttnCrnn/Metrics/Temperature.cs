using MathNet.Numerics.RootFinding;

namespace AttnCrnn.Metrics;

/// <summary>
/// Temperature scaling (Guo et al. 2017, "On calibration of modern neural networks"): divides all logits by one number,
/// fitted on the validation set. Changes the confidence, never the most probable class.
/// </summary>
/// <param name="Value">
/// Above 1 makes the probabilities more uniform, below 1 more extreme; 1 leaves them unchanged.
/// </param>
public readonly record struct Temperature(double Value)
{
    /// <summary>Lower bound of the fit, which is reached if all validation predictions are correct.</summary>
    public const double Min = 0.05;

    /// <summary>Upper bound of the fit, at which all probabilities are close to 1 / classes.</summary>
    public const double Max = 20;

    /// <summary>
    /// Less than the smallest positive float32: replaces exact zeros of a float32 softmax, whose logarithm would be
    /// infinite.
    /// </summary>
    private const double MinProbability = 1e-45;

    /// <summary>Fits the temperature that minimizes the negative log-likelihood.</summary>
    /// <param name="truth">[clips], class indices.</param>
    /// <param name="probabilities">[clips][classes], at temperature 1.</param>
    /// <returns>Between <see cref="Min"/> and <see cref="Max"/>; 1 without clips.</returns>
    public static Temperature Fit(IReadOnlyList<int> truth, IReadOnlyList<double[]> probabilities)
    {
        if (truth.Count != probabilities.Count)
            throw new ArgumentException(
                $"{probabilities.Count} rows of probabilities for {truth.Count} clips",
                nameof(probabilities)
            );
        if (truth.Count == 0)
            return new(1);

        // The loss is convex in 1/T: its derivative has at most one zero, and bracketed Newton iteration finds it.
        double[][] logits = [.. probabilities.Select(ComputeLogits)];
        double lower = 1 / Max;
        double upper = 1 / Min;
        if (ComputeSlope(truth, logits, lower) >= 0)
            return new(Max);
        if (ComputeSlope(truth, logits, upper) <= 0)
            return new(Min);
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

    /// <summary>Scales probabilities: softmax of their logarithms divided by the temperature.</summary>
    /// <param name="probabilities">[classes], at temperature 1.</param>
    public double[] Apply(double[] probabilities) =>
        Value == 1 ? [.. probabilities] : ComputeSoftmax(ComputeLogits(probabilities), 1 / Value);

    private static double[] ComputeLogits(double[] probabilities) =>
        [.. probabilities.Select(p => Math.Log(Math.Max(p, MinProbability)))];

    private static double[] ComputeSoftmax(double[] logits, double inverse)
    {
        double highest = logits.Max();
        double[] powers = [.. logits.Select(logit => Math.Exp((logit - highest) * inverse))];
        double sum = powers.Sum();
        return [.. powers.Select(power => power / sum)];
    }

    /// <summary>
    /// Derivative of the mean loss with respect to 1/T: expected logit under the prediction, minus the true class's
    /// logit.
    /// </summary>
    private static double ComputeSlope(IReadOnlyList<int> truth, double[][] logits, double inverse) =>
        logits.Select((row, i) => ComputeMean(row, ComputeSoftmax(row, inverse)) - row[truth[i]]).Average();

    /// <summary>Second derivative: variance of the logit under the prediction.</summary>
    private static double ComputeCurvature(double[][] logits, double inverse) =>
        logits.Average(row =>
        {
            double[] probabilities = ComputeSoftmax(row, inverse);
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
