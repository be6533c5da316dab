using System.Globalization;
using AttnCrnn.Evaluation.Statistics;

namespace AttnCrnn.Reports;

/// <summary>The sentences about confidence intervals in reports, in metrics.json and on the console.</summary>
public static class ConfidenceIntervalText
{
    /// <summary>The method, or why there are no intervals.</summary>
    public static string Describe(ConfidenceIntervals intervals)
    {
        ArgumentNullException.ThrowIfNull(intervals);
        if (intervals.Description is { } stored)
            return stored;
        if (intervals.Resamples == 0)
            return intervals.Unit == ResamplingUnit.Speaker
                ? "No confidence intervals: the variation between speakers cannot be estimated from one speaker."
                : "No confidence intervals: there is only one clip.";
        var count = intervals.Resamples.ToString("N0", CultureInfo.InvariantCulture);
        if (intervals.Speakers == 0)
            return $"95% confidence intervals (clip-level bootstrap, {count} resamples of {intervals.Units} clips), "
                + "because no clip has a speaker: too narrow if speakers have several clips each.";
        var unknownSpeakerText =
            intervals.ClipsWithoutSpeaker == 0
                ? ""
                : $" and the {intervals.ClipsWithoutSpeaker} clips without a speaker";
        return $"95% confidence intervals (speaker-level bootstrap, {count} resamples) over speakers "
            + $"({intervals.Speakers}){unknownSpeakerText}, with small-sample correction (Student's t, "
            + $"{FormatDegrees(intervals.Units - 1)}).";
    }

    /// <summary>Why the intervals must be read with care; null if there are none, or enough speakers.</summary>
    public static string? DescribeWarning(ConfidenceIntervals intervals)
    {
        ArgumentNullException.ThrowIfNull(intervals);
        if (intervals is { Resamples: 0, Unit: ResamplingUnit.Speaker })
            return Describe(intervals);
        return intervals.HasFewSpeakers
                ? $"Only {intervals.Speakers} speakers (fewer than {ConfidenceIntervals.FewSpeakers}): the intervals "
                    + "are wide and themselves uncertain, and say nothing of kinds of speakers that are not among "
                    + "these; evaluate more speakers, for example with cross-validation."
            : intervals.SparseClasses.Count > 0
                ? $"Clips of fewer than {ConfidenceIntervals.FewClassSpeakers} speakers: "
                    + $"{string.Join(", ", intervals.SparseClasses)}. The intervals of these classes are uncertain, "
                    + "and that of UAR may be too narrow."
            : null;
    }

    /// <summary>An interval such as <c>0.6120 to 0.7010</c>; a dash if there is none.</summary>
    internal static string Format(ConfidenceInterval? interval) =>
        interval is { } bounds ? FormattableString.Invariant($"{bounds.Low:0.0000} to {bounds.High:0.0000}") : "–";

    /// <summary>A line of classification_report.txt: the metric, and its interval if there is one.</summary>
    internal static string FormatLine(string name, double metric, ConfidenceInterval? interval)
    {
        var bounds = interval is null ? "" : $" (95% CI {Format(interval)})";
        return FormattableString.Invariant($"{name}: {metric:0.0000}{bounds}\n");
    }

    private static string FormatDegrees(int degrees) =>
        $"{degrees.ToString(CultureInfo.InvariantCulture)} {(degrees == 1 ? "degree" : "degrees")} of freedom";
}
