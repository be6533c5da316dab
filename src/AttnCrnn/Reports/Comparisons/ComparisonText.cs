using System.Globalization;
using AttnCrnn.Evaluation.Statistics;
using AttnCrnn.Runs;

namespace AttnCrnn.Reports.Comparisons;

/// <summary>The sentences about a comparison of runs, on the console and on its page.</summary>
public static class ComparisonText
{
    private const double Significance = 0.05;

    /// <summary>Short name of a run in a comparison: A, B and so on; numbers after Z.</summary>
    /// <param name="run">Index of the run.</param>
    public static string GetLetter(int run) =>
        run <= 'Z' - 'A' ? ((char)('A' + run)).ToString() : (run + 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>Short names of the runs of a pair, such as <c>A and B</c>.</summary>
    public static string GetLetters(RunPair pair)
    {
        ArgumentNullException.ThrowIfNull(pair);
        return $"{GetLetter(pair.First)} and {GetLetter(pair.Second)}";
    }

    /// <summary>What is compared, with numbers, and how the intervals and p-values are made.</summary>
    public static string DescribeMethod(RunComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var result = comparison.Runs[0].Evaluation;
        var holm =
            comparison.Pairs.Count > 1
                ? $" P-values are corrected by Holm for {comparison.Pairs.Count} comparisons."
                : "";
        var intervals = result.ConfidenceIntervals;
        var paired =
            intervals.Resamples == 0
                ? ""
                : " Differences have intervals of the paired bootstrap, in which both runs have the same resampled "
                    + $"{DescribeUnit(intervals)}.";
        return $"{comparison.Runs.Count} runs on the same {result.Metrics.ClipCount} clips. "
            + $"{ConfidenceIntervalText.Describe(intervals)}{paired}{holm}";
    }

    /// <summary>Whether one run is better than the other, as one sentence; both tests must say so.</summary>
    public static string DescribeOutcome(RunPair pair)
    {
        ArgumentNullException.ThrowIfNull(pair);
        var difference = pair.Comparison.Uar;
        if (difference.Interval is not { } interval)
            return "The variation between speakers cannot be estimated: no statement on the difference.";
        var isClear = interval.Low > 0 || interval.High < 0;
        var pValue = pair.CorrectedSpeakerPValue ?? pair.CorrectedClipPValue;
        var better = GetLetter(difference.Value > 0 ? pair.First : pair.Second);
        return isClear && pValue < Significance ? $"{better} has the higher UAR."
            : isClear
                ? $"{better} has the higher UAR by the interval, but not by the test (p {FormatPValue(pValue)}): no "
                    + "clear difference."
            : "No clear difference in UAR: its interval contains 0.";
    }

    /// <summary>
    /// Which runs were evaluated by another kind of split than the first; null if none, or if unknown.
    /// </summary>
    public static string? DescribeSplits(IReadOnlyList<(string Run, SplitSummary Split)> splits)
    {
        ArgumentNullException.ThrowIfNull(splits);
        var kinds = splits.GroupBy(run => (run.Split.Method, run.Split.SpeakersDisjoint)).ToList();
        return kinds.Count < 2
            ? null
            : "The runs were split in different ways, so that the difference may be one of the splits: "
                + string.Join(
                    "; ",
                    kinds.Select(kind =>
                        $"{string.Join(", ", kind.Select(run => run.Run))} by {kind.Key.Method}"
                        + (kind.Key.SpeakersDisjoint ? "" : " (speakers in several subsets, or not known)")
                    )
                )
                + ".";
    }

    /// <summary>A p-value with four decimals, such as <c>0.0340</c> or <c>&lt; 0.0001</c>.</summary>
    public static string FormatPValue(double pValue) =>
        pValue < 0.0001 ? "< 0.0001" : pValue.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>A difference with its sign and interval, in percentage points.</summary>
    public static string FormatDifference(PairedDifference difference) =>
        difference.Interval is { } interval
            ? $"{FormatPoints(difference.Value)} ({FormatPoints(interval.Low)} to {FormatPoints(interval.High)})"
            : FormatPoints(difference.Value);

    private static string FormatPoints(double difference) =>
        (100 * difference).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);

    private static string DescribeUnit(ConfidenceIntervals intervals) =>
        intervals.Unit == ResamplingUnit.Speaker ? "speakers" : "clips";
}
