using MathNet.Numerics.RootFinding;

namespace AttnCrnn.Metrics;

/// <summary>
/// Temperature scaling (Guo et al. 2017, "On calibration of modern neural networks"): every logit divided by one number, chosen on the
/// validation side. It changes how sure the model says it is, never which class is the most probable.
/// </summary>
/// <param name="Value">Above 1 the probabilities become more even, below 1 more extreme; 1 leaves them as they are.</param>
public readonly record struct Temperature(double Value)
{
    /// <summary>The fit stays between this and <see cref="Max"/>: beyond, validation was all right or all wrong, and says no more.</summary>
    public const double Min = 0.05;

    /// <summary>Here every probability is already close to 1 / classes.</summary>
    public const double Max = 20;

    /// <summary>Below the smallest positive float32: a softmax in float32 gives exact zeros, whose logarithm would be infinite.</summary>
    private const double MinProbability = 1e-45;

    /// <summary>The temperature with the least negative log likelihood.</summary>
    /// <param name="truth">[clips], class indices.</param>
    /// <param name="probabilities">[clips][classes], at temperature 1.</param>
    /// <returns>Between <see cref="Min"/> and <see cref="Max"/>; 1 where there is no clip to fit on.</returns>
    public static Temperature Fit(IReadOnlyList<int> truth, IReadOnlyList<double[]> probabilities)
    {
        if (truth.Count != probabilities.Count)
            throw new ArgumentException(
                $"{probabilities.Count} rows of probabilities for {truth.Count} clips",
                nameof(probabilities)
            );
        if (truth.Count == 0)
            return new(1);

        // The loss is convex in 1/T, so its slope there crosses zero at most once, and Newton inside a bracket cannot miss it.
        double[][] logits = [.. probabilities.Select(Logits)];
        double coldest = 1 / Max,
            hottest = 1 / Min;
        if (Slope(truth, logits, coldest) >= 0)
            return new(Max);
        if (Slope(truth, logits, hottest) <= 0)
            return new(Min);
        double inverse = RobustNewtonRaphson.FindRoot(
            at => Slope(truth, logits, at),
            at => Curvature(logits, at),
            coldest,
            hottest,
            accuracy: 1e-12,
            maxIterations: 200
        );
        return new(1 / inverse);
    }

    /// <summary>The probabilities at this temperature: softmax of their logarithms divided by it.</summary>
    /// <param name="probabilities">[classes], at temperature 1.</param>
    public double[] Apply(double[] probabilities) =>
        Value == 1 ? [.. probabilities] : Softmax(Logits(probabilities), 1 / Value);

    private static double[] Logits(double[] probabilities) =>
        [.. probabilities.Select(p => Math.Log(Math.Max(p, MinProbability)))];

    private static double[] Softmax(double[] logits, double inverse)
    {
        double highest = logits.Max();
        double[] powers = [.. logits.Select(logit => Math.Exp((logit - highest) * inverse))];
        double sum = powers.Sum();
        return [.. powers.Select(power => power / sum)];
    }

    /// <summary>Derivative of the mean loss by 1/T: the logit expected under the prediction, minus the true class's.</summary>
    private static double Slope(IReadOnlyList<int> truth, double[][] logits, double inverse) =>
        logits.Select((row, i) => Mean(row, Softmax(row, inverse)) - row[truth[i]]).Average();

    /// <summary>Second derivative: the variance of the logit under the prediction.</summary>
    private static double Curvature(double[][] logits, double inverse) =>
        logits.Average(row =>
        {
            double[] probabilities = Softmax(row, inverse);
            double mean = Mean(row, probabilities);
            return row.Zip(probabilities, (logit, probability) => probability * (logit - mean) * (logit - mean)).Sum();
        });

    private static double Mean(double[] values, double[] probabilities)
    {
        double sum = 0;
        for (int k = 0; k < values.Length; k++)
            sum += values[k] * probabilities[k];
        return sum;
    }
}
