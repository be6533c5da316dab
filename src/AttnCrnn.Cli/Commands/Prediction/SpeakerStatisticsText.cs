using AttnCrnn.Models.Normalization;
using AttnCrnn.Prediction.Recordings;

namespace AttnCrnn.Cli.Commands.Prediction;

/// <summary>The messages about the normalization of recordings by the statistics of their speakers.</summary>
internal static class SpeakerStatisticsText
{
    private const int MaxNames = 5;

    /// <summary>How many recordings are normalized by which statistics, one message per kind.</summary>
    public static IEnumerable<string> Describe(SpeakerStatisticsSummary summary)
    {
        if (summary.NormalizedCount > 0)
            yield return $"transductive: {summary.NormalizedCount} of {summary.InputCount} recordings are normalized "
                + "with the statistics of all recordings of their speaker in this call "
                + $"({FormatNames(summary.NormalizedSpeakers)})";
        if (summary.InsufficientSpeakers.Count > 0)
            yield return "too little data for speaker statistics, so the training corpus' statistics are used: "
                + $"{FormatNames(summary.InsufficientSpeakers)} (required per speaker: "
                + $"{SpeakerStatistics.MinClips} recordings or windows, and {SpeakerStatistics.MinFrames} frames)";
        if (summary.UnknownSpeakerCount > 0)
            yield return $"the model normalizes by speaker, and {summary.UnknownSpeakerCount} of "
                + $"{summary.InputCount} recordings have no speaker, so the training corpus' statistics are used: "
                + "add it with --speaker, or in a manifest's speaker column";
    }

    private static string FormatNames(IReadOnlyList<string> speakers)
    {
        var suffix = speakers.Count > MaxNames ? $" and {speakers.Count - MaxNames} more" : "";
        return string.Join(", ", speakers.Take(MaxNames)) + suffix;
    }
}
