using MathNet.Numerics.Distributions;

namespace AttnCrnn.Evaluation.Statistics;

/// <summary>
/// Two-sided tests of two models on the same clips, the correction of several tests, and a confidence interval for a
/// proportion. Results equal those of SciPy and statsmodels.
/// </summary>
public static class PairedTests
{
    /// <summary>
    /// Maximum number of differences for the exact test, as in SciPy; the normal approximation is used beyond.
    /// </summary>
    private const int ExactWilcoxonLimit = 50;

    /// <summary>McNemar's exact test of the clips that only one model predicts correctly.</summary>
    /// <param name="onlyFirst">Clips that only the first model predicts correctly.</param>
    /// <param name="onlySecond">Clips that only the second model predicts correctly.</param>
    /// <returns>The p-value; 1 if the models never differ.</returns>
    public static double McNemar(int onlyFirst, int onlySecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        int differing = onlyFirst + onlySecond;
        return differing == 0 ? 1 : Math.Min(1, 2 * Binomial.CDF(0.5, differing, Math.Min(onlyFirst, onlySecond)));
    }

    /// <summary>
    /// Wilcoxon's signed-rank test of paired metrics, such as those of speakers or folds. Zero differences are
    /// excluded; tied differences get their mean rank. Exact up to 50 differences, including ties; beyond, the normal
    /// approximation with tie correction.
    /// </summary>
    /// <param name="first">[pairs], metrics of one model.</param>
    /// <param name="second">[pairs], metrics of the other model, in the same order.</param>
    /// <returns>The p-value; 1 if no pair differs.</returns>
    /// <exception cref="ArgumentException">The lists differ in length, or a metric is NaN.</exception>
    public static double Wilcoxon(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count != second.Count)
            throw new ArgumentException($"{first.Count} and {second.Count} values: expected pairs", nameof(second));
        double[] differences = [.. first.Zip(second, (a, b) => a - b).Where(d => d != 0)];
        if (differences.Any(double.IsNaN))
            throw new ArgumentException("a value is NaN: exclude its pair", nameof(first));
        if (differences.Length == 0)
            return 1;

        // Twice the ranks, which are integers even for ties.
        int[] twiceRanks = ComputeTwiceMeanRanks([.. differences.Select(Math.Abs)]);
        int total = twiceRanks.Sum();
        int positive = differences.Zip(twiceRanks, (d, rank) => d > 0 ? rank : 0).Sum();
        int smaller = Math.Min(positive, total - positive);
        if (differences.Length <= ExactWilcoxonLimit)
            return Math.Min(1, 2 * ComputeTailProbability(smaller, twiceRanks));

        // Under the null hypothesis each sign has probability 1/2: mean total / 2, variance Σ rank² / 4.
        double standardDeviation = Math.Sqrt(twiceRanks.Sum(rank => (double)rank * rank) / 4);
        return Math.Min(1, 2 * Normal.CDF(0, 1, (smaller - (total / 2.0)) / standardDeviation));
    }

    /// <summary>
    /// Holm's step-down correction of several p-values: those below 0.05 afterwards are significant together (Holm: A
    /// Simple Sequentially Rejective Multiple Test Procedure. Scandinavian Journal of Statistics 6, 65-70, 1979).
    /// </summary>
    /// <param name="pValues">[tests], 0 to 1.</param>
    /// <returns>[tests], in the same order, at most 1.</returns>
    public static double[] CorrectByHolm(IReadOnlyList<double> pValues)
    {
        ArgumentNullException.ThrowIfNull(pValues);
        var corrected = new double[pValues.Count];
        var largest = 0.0;
        foreach (var (rank, test) in Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]).Index())
        {
            largest = Math.Max(largest, Math.Min(1, (pValues.Count - rank) * pValues[test]));
            corrected[test] = largest;
        }
        return corrected;
    }

    /// <summary>Wilson's 95% score interval for a proportion of independent trials.</summary>
    /// <param name="successes">0 to <paramref name="trials"/>.</param>
    /// <param name="trials">At least 1.</param>
    public static ConfidenceInterval Wilson(int successes, int trials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        double z = Normal.InvCDF(0, 1, 0.975);
        double n = trials;
        double proportion = successes / n;
        double center = (proportion + (z * z / (2 * n))) / (1 + (z * z / n));
        double halfWidth =
            z / (1 + (z * z / n)) * Math.Sqrt((proportion * (1 - proportion) / n) + (z * z / (4 * n * n)));
        // At the ends one bound is exactly 0 or 1; the formula gives it only up to rounding.
        return new(successes == 0 ? 0 : center - halfWidth, successes == trials ? 1 : center + halfWidth);
    }

    private static int[] ComputeTwiceMeanRanks(double[] values) =>
        [
            .. values.Select(value =>
                (2 * values.Count(compared => compared < value)) + values.Count(compared => compared == value) + 1
            ),
        ];

    /// <summary>
    /// Fraction of all sign assignments whose positive ranks sum to at most <paramref name="maxSum"/>.
    /// </summary>
    private static double ComputeTailProbability(int maxSum, int[] ranks)
    {
        double[] ways = new double[maxSum + 1];
        ways[0] = 1;
        foreach (int rank in ranks)
        {
            for (int sum = maxSum; sum >= rank; sum--)
                ways[sum] += ways[sum - rank];
        }
        return ways.Sum() / Math.Pow(2, ranks.Length);
    }
}
