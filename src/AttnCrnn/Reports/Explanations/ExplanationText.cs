using System.Globalization;
using AttnCrnn.Prediction.Explanations;

namespace AttnCrnn.Reports.Explanations;

/// <summary>Sentences about explained clips.</summary>
internal static class ExplanationText
{
    /// <summary>How the plots are read, and what they do not say.</summary>
    public const string Reading =
        "Attention is where the network's self-attention layer looks on average; it is not a cause of the prediction. "
        + "The bars are the probability of the predicted class that is lost when the samples of a half second are set "
        + "to 0; the network was not trained on speech with such gaps, so that a gap can have an effect of its own.";

    /// <summary>How the clips were chosen.</summary>
    public static string DescribeChoice(ClipExplanations explanations) =>
        "The most confident correct predictions, the most confident errors and the least confident predictions in "
        + $"turn, of recordings of at most {ClipExplanations.MaxSeconds} s."
        + (explanations.PassedOver.Count == 0 ? "" : $" Passed over: {DescribePassedOver(explanations.PassedOver)}.");

    /// <summary>Why no clip is explained.</summary>
    public static string DescribeMissing(ClipExplanations explanations) =>
        explanations.MissingReason
        ?? $"of {explanations.PassedOver.Count} clips that were tried, {DescribePassedOver(explanations.PassedOver)}";

    /// <summary>The caption of a plot.</summary>
    /// <param name="name">The name of the clip in the page.</param>
    public static string DescribeClip(ExplainedClip clip, string name) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{name} ({clip.ChosenAs}): predicted {clip.Predicted} ({100 * clip.Confidence:0.0}%), true label "
                + $"{clip.Truth}, {clip.Seconds:0.00} s."
        );

    /// <summary>What a plot shows, for readers who do not see it.</summary>
    public static string DescribePlot(ExplainedClip clip)
    {
        var part = clip.MaxLossPart;
        var start = part * Explanation.OcclusionSeconds;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Waveform, log-mel spectrogram, {(clip.Attention is null ? "" : "attention ")}and probability lost per "
                + $"silenced half second: most is lost, {clip.ProbabilityLost[part]:0.00}, without "
                + $"{start:0.0} to {Math.Min(start + Explanation.OcclusionSeconds, clip.Seconds):0.0} s"
        );
    }

    private static string DescribePassedOver(PassedOverClips clips)
    {
        (int Count, string Reason)[] reasons =
        [
            (clips.Missing, "without a recording at the stored path"),
            (clips.Unreadable, "with a recording that cannot be read or predicted"),
            (clips.TooLong, $"longer than {ClipExplanations.MaxSeconds} s"),
            (clips.Different, "predicted differently from the recording than from the stored frames"),
        ];
        return string.Join(
            ", ",
            reasons.Where(reason => reason.Count > 0).Select(reason => $"{reason.Count} {reason.Reason}")
        );
    }
}
