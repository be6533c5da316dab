using AttnCrnn.Corpora;
using AttnCrnn.Evaluation;
using AttnCrnn.Prediction.Explanations;
using AttnCrnn.Reports.Plots;

namespace AttnCrnn.Reports.Explanations;

/// <summary>A clip of an evaluation with the explanation of its prediction.</summary>
/// <param name="Name">File name without its folder, with the segment if the clip is one.</param>
/// <param name="ChosenAs">Why this clip was chosen: <c>confident error</c>.</param>
/// <param name="Truth">Its label.</param>
/// <param name="Predicted">The class that the model predicts, from the recording and in the evaluation.</param>
/// <param name="Confidence">The probability of the predicted class, from the recording.</param>
/// <param name="Seconds">Its length.</param>
/// <param name="Attention">Attention per time step; null: the model has none.</param>
/// <param name="ProbabilityLost">[half seconds], as <see cref="Explanation.ProbabilityLost"/>.</param>
/// <param name="Plot">PNG.</param>
internal sealed record ExplainedClip(
    string Name,
    string ChosenAs,
    string Truth,
    string Predicted,
    double Confidence,
    double Seconds,
    TemporalAttention? Attention,
    IReadOnlyList<double> ProbabilityLost,
    byte[] Plot
)
{
    /// <summary>Renders the plot, which has no name of a file: names of files often have that of a speaker.</summary>
    public static ExplainedClip Create(ClipPrediction clip, string chosenAs, double seconds, Explanation explanation) =>
        new(
            ClipName.Format(Path.GetFileName(clip.Path), clip.StartSeconds, clip.EndSeconds),
            chosenAs,
            clip.Truth,
            clip.Predicted,
            explanation.Confidence,
            seconds,
            explanation.Attention,
            explanation.ProbabilityLost,
            ExplanationPlot.Render(
                explanation,
                FormattableString.Invariant(
                    $"{clip.Predicted}, probability {explanation.Confidence:0.00} (true label: {clip.Truth})"
                )
            )
        );

    /// <summary>Index of the half second whose silence costs the most probability.</summary>
    public int MaxLossPart => ProbabilityLost.Index().MaxBy(part => part.Item).Index;
}
