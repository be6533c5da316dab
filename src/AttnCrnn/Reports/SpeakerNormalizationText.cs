using AttnCrnn.Evaluation;
using AttnCrnn.Models.Normalization;

namespace AttnCrnn.Reports;

/// <summary>The sentences about speaker normalization in reports and on the console.</summary>
public static class SpeakerNormalizationText
{
    /// <summary>Title and description on one line.</summary>
    public static string Summarize(SpeakerNormalizationReport report) => $"{GetTitle(report)} {Describe(report)}";

    /// <summary>The title.</summary>
    public static string GetTitle(SpeakerNormalizationReport report) =>
        report.IsTransductive ? "Transductive." : "Normalized by the training set.";

    /// <summary>Which statistics the clips were normalized with.</summary>
    public static string Describe(SpeakerNormalizationReport report) =>
        report.IsTransductive
            ? "Clips are normalized by the statistics of all clips of their speaker, including "
                + "unlabeled clips and the evaluated clips themselves: "
                + $"{report.ClipsWithSpeakerStatistics} of {report.TotalClips}. "
                + $"Performance may be lower for a speaker without earlier recordings.{DescribeFallback(report)}"
            : $"No clip could be normalized by the statistics of its speaker.{DescribeFallback(report)}";

    private static string DescribeFallback(SpeakerNormalizationReport report) =>
        report.ClipsWithoutSpeaker + report.ClipsWithInsufficientData == 0
            ? ""
            : $" Normalized by the training set instead: {report.ClipsWithoutSpeaker} without a speaker, "
                + $"{report.ClipsWithInsufficientData} whose "
                + $"speaker has fewer than {SpeakerStatistics.MinClips} clips or {SpeakerStatistics.MinFrames} frames.";
}
