namespace AttnCrnn.Metrics;

/// <summary>
/// Predicted probabilities p compared with the distributions q of several raters' votes: means over the clips that have
/// votes, in nats.
/// </summary>
/// <param name="ClipCount">Clips with votes.</param>
/// <param name="CrossEntropy">-Σ q ln p; at least <paramref name="Entropy"/>.</param>
/// <param name="Entropy">-Σ q ln q, the cross-entropy of a perfect prediction.</param>
/// <param name="JensenShannon">
/// Jensen-Shannon divergence, ½ Σ q ln (q / m) + ½ Σ p ln (p / m) with m = (p + q) / 2: from 0, for equal
/// distributions, to ln 2.
/// </param>
/// <param name="MajorityClipCount">Clips in which one class has more votes than every other.</param>
/// <param name="MajorityAccuracy">Fraction of those that are predicted as this class; NaN without such clips.</param>
/// <param name="MajorityUar">Mean over the classes of their recall, of those clips; NaN without such clips.</param>
public sealed record VoteMetrics(
    int ClipCount,
    double CrossEntropy,
    double Entropy,
    double JensenShannon,
    int MajorityClipCount,
    double MajorityAccuracy,
    double MajorityUar
)
{
    // Probabilities are clipped before the logarithm, as in ProbabilityLoss.
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>Compares predictions and votes; null if no clip has votes.</summary>
    /// <param name="distributions">[clips], each [classes] with the sum 1; null for a clip without votes.</param>
    /// <param name="probabilities">[clips], each [classes] with the sum 1.</param>
    public static VoteMetrics? Compute(IReadOnlyList<double[]?> distributions, IReadOnlyList<double[]> probabilities)
    {
        ArgumentNullException.ThrowIfNull(distributions);
        ArgumentNullException.ThrowIfNull(probabilities);
        var clips = distributions
            .Zip(probabilities, (votes, prediction) => (Votes: votes!, Prediction: prediction))
            .Where(clip => clip.Votes is not null)
            .ToList();
        if (clips.Count == 0)
            return null;
        var majorities = clips
            .Select(clip =>
                (Truth: FindMajority(clip.Votes), Predicted: Array.IndexOf(clip.Prediction, clip.Prediction.Max()))
            )
            .Where(clip => clip.Truth is not null)
            .ToList();
        return new(
            clips.Count,
            clips.Average(clip => ComputeCrossEntropy(clip.Votes, clip.Prediction)),
            clips.Average(clip => ComputeCrossEntropy(clip.Votes, clip.Votes)),
            clips.Average(clip => ComputeJensenShannon(clip.Votes, clip.Prediction)),
            majorities.Count,
            majorities.Count == 0 ? double.NaN : majorities.Average(clip => clip.Truth == clip.Predicted ? 1.0 : 0),
            majorities.Count == 0
                ? double.NaN
                : majorities
                    .GroupBy(clip => clip.Truth)
                    .Average(group => group.Average(clip => clip.Truth == clip.Predicted ? 1.0 : 0))
        );
    }

    /// <summary>The class with the most votes; null if several have as many.</summary>
    internal static int? FindMajority(double[] distribution)
    {
        var index = Array.IndexOf(distribution, distribution.Max());
        return Array.LastIndexOf(distribution, distribution[index]) == index ? index : null;
    }

    private static double ComputeCrossEntropy(double[] votes, double[] prediction)
    {
        var sum = 0.0;
        for (var k = 0; k < votes.Length; k++)
            if (votes[k] > 0)
                sum -= votes[k] * Math.Log(Math.Max(prediction[k], Epsilon));
        return sum;
    }

    private static double ComputeJensenShannon(double[] votes, double[] prediction)
    {
        var sum = 0.0;
        for (var k = 0; k < votes.Length; k++)
        {
            var mean = (votes[k] + prediction[k]) / 2;
            if (votes[k] > 0)
                sum += votes[k] * Math.Log(votes[k] / mean) / 2;
            if (prediction[k] > 0)
                sum += prediction[k] * Math.Log(prediction[k] / mean) / 2;
        }
        return sum;
    }
}
