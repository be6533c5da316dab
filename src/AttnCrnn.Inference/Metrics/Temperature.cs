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

    /// <summary>Scales probabilities: softmax of their logarithms divided by the temperature.</summary>
    /// <param name="probabilities">[classes], at temperature 1.</param>
    public double[] Apply(double[] probabilities) =>
        Value == 1 ? [.. probabilities] : ComputeSoftmax(ComputeLogits(probabilities), 1 / Value);

    /// <summary>
    /// The probabilities at temperature 1 of those that <see cref="Apply"/> returned: exact up to rounding, since
    /// softmax does not depend on a constant. Where a scaled probability was below the smallest double, the result is
    /// below 1e-16, as the exact one.
    /// </summary>
    /// <param name="scaled">[classes].</param>
    internal double[] Undo(double[] scaled) =>
        Value == 1
            ? [.. scaled]
            : ComputeSoftmax([.. scaled.Select(p => Math.Log(Math.Max(p, double.Epsilon)))], Value);

    /// <summary>Logarithms of probabilities.</summary>
    internal static double[] ComputeLogits(double[] probabilities) =>
        [.. probabilities.Select(p => Math.Log(Math.Max(p, MinProbability)))];

    /// <summary>Softmax of logits divided by a temperature.</summary>
    /// <param name="inverse">1 / temperature.</param>
    internal static double[] ComputeSoftmax(double[] logits, double inverse)
    {
        double highest = logits.Max();
        double[] powers = [.. logits.Select(logit => Math.Exp((logit - highest) * inverse))];
        double sum = powers.Sum();
        return [.. powers.Select(power => power / sum)];
    }
}
