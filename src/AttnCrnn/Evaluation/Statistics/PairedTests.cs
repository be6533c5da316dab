using MathNet.Numerics.Distributions;

namespace AttnCrnn.Evaluation.Statistics;

/// <summary>Two-sided tests of two models on the same clips, and an interval for a share. Values as SciPy and statsmodels give them.</summary>
public static class PairedTests
{
    /// <summary>Beyond this many differences the normal approximation takes over, as in SciPy.</summary>
    private const int ExactWilcoxonLimit = 50;

    /// <summary>Exact McNemar test: whether the clips that only one model predicts rightly fall to both alike.</summary>
    /// <param name="onlyFirst">Clips that only the first model predicts rightly.</param>
    /// <param name="onlySecond">Clips that only the second model predicts rightly.</param>
    /// <returns>The p-value; 1 where the models never differ.</returns>
    public static double McNemar(int onlyFirst, int onlySecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        int differing = onlyFirst + onlySecond;
        return differing == 0 ? 1 : Math.Min(1, 2 * Binomial.CDF(0.5, differing, Math.Min(onlyFirst, onlySecond)));
    }

    /// <summary>
    /// Wilcoxon's signed-rank test of paired figures, as of speakers or folds. Equal pairs are left out; equal differences share their mean
    /// rank. Exact, ties included, up to 50 differences; beyond, normal with the variance corrected for ties.
    /// </summary>
    /// <param name="first">[pairs], one model's figures.</param>
    /// <param name="second">[pairs], the other's, in the same order.</param>
    /// <returns>The p-value; 1 where no pair differs.</returns>
    /// <exception cref="ArgumentException">The lists differ in length, or a figure is NaN.</exception>
    public static double Wilcoxon(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count != second.Count)
            throw new ArgumentException($"{first.Count} and {second.Count} figures: expected pairs", nameof(second));
        double[] differences = [.. first.Zip(second, (a, b) => a - b).Where(d => d != 0)];
        if (differences.Any(double.IsNaN))
            throw new ArgumentException("a figure is NaN: leave its pair out", nameof(first));
        if (differences.Length == 0)
            return 1;

        // Twice the ranks: whole numbers even where a tie of two shares a half.
        int[] twiceRanks = TwiceMeanRanks([.. differences.Select(Math.Abs)]);
        int total = twiceRanks.Sum(),
            positive = differences.Zip(twiceRanks, (d, rank) => d > 0 ? rank : 0).Sum();
        int smaller = Math.Min(positive, total - positive);
        if (differences.Length <= ExactWilcoxonLimit)
            return Math.Min(1, 2 * TailProbability(smaller, twiceRanks));

        // Under the null each rank is positive or not with probability 1/2: mean total/2, variance the sum of squares / 4.
        double standardDeviation = Math.Sqrt(twiceRanks.Sum(rank => (double)rank * rank) / 4);
        return Math.Min(1, 2 * Normal.CDF(0, 1, (smaller - (total / 2.0)) / standardDeviation));
    }

    /// <summary>Wilson's 95% score interval for a share of independent trials.</summary>
    /// <param name="successes">0 to <paramref name="trials"/>.</param>
    /// <param name="trials">At least 1.</param>
    public static ConfidenceInterval Wilson(int successes, int trials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        double z = Normal.InvCDF(0, 1, 0.975),
            n = trials,
            probability = successes / n;
        double centre = (probability + (z * z / (2 * n))) / (1 + (z * z / n));
        double half = z / (1 + (z * z / n)) * Math.Sqrt((probability * (1 - probability) / n) + (z * z / (4 * n * n)));
        // At the ends one bound is the share itself; the formula gives it only up to rounding.
        return new(successes == 0 ? 0 : centre - half, successes == trials ? 1 : centre + half);
    }

    private static int[] TwiceMeanRanks(double[] values) =>
        [
            .. values.Select(value =>
                (2 * values.Count(other => other < value)) + values.Count(other => other == value) + 1
            ),
        ];

    /// <summary>Of all ways to give each rank a sign, the share whose positive ranks sum to at most <paramref name="limit"/>.</summary>
    private static double TailProbability(int limit, int[] ranks)
    {
        double[] ways = new double[limit + 1];
        ways[0] = 1;
        foreach (int rank in ranks)
        {
            for (int sum = limit; sum >= rank; sum--)
                ways[sum] += ways[sum - rank];
        }
        return ways.Sum() / Math.Pow(2, ranks.Length);
    }
}
