using System.Globalization;
using AttnCrnn.Evaluation.Statistics;

namespace AttnCrnn.Reports;

/// <summary>The sentence about confidence intervals in reports and in metrics.json.</summary>
public static class ConfidenceIntervalText
{
    /// <summary>With fewer speakers the percentile interval is too narrow (Cameron, Gelbach and Miller 2008).</summary>
    private const int FewSpeakers = 10;

    /// <summary>The method, or why there are no intervals.</summary>
    public static string Describe(ConfidenceIntervals intervals)
    {
        if (intervals.Resamples == 0)
            return intervals.Unit == ResamplingUnit.Speaker
                ? "No confidence intervals: the variation between speakers cannot be estimated from one speaker."
                : "No confidence intervals: there is only one clip.";
        var speakers = intervals.Units - intervals.ClipsWithoutSpeaker;
        var count = intervals.Resamples.ToString("N0", CultureInfo.InvariantCulture);
        if (speakers == 0)
            return $"95% confidence intervals (clip-level bootstrap, {count} resamples of {intervals.Units} clips), "
                + "because no clip has a speaker: too narrow if speakers have several clips each.";
        var unknownSpeakerText =
            intervals.ClipsWithoutSpeaker == 0
                ? ""
                : $" and the {intervals.ClipsWithoutSpeaker} clips without a speaker";
        var caveat = speakers >= FewSpeakers ? "." : "; with so few speakers they are too narrow.";
        return $"95% confidence intervals (speaker-level bootstrap, {count} resamples) over speakers ({speakers})"
            + unknownSpeakerText
            + caveat;
    }
}
