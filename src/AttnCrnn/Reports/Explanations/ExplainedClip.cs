using System.Globalization;
using AttnCrnn.Evaluation;
using AttnCrnn.Prediction.Explanations;
using AttnCrnn.Reports.Plots;

namespace AttnCrnn.Reports.Explanations;

/// <summary>A clip of an evaluation with the explanation of its prediction.</summary>
/// <param name="Row">Its row in predictions.csv, counted from 1: names of files often have that of a speaker.</param>
/// <param name="ChosenAs">Why this clip was chosen: <c>confident error</c>.</param>
/// <param name="Truth">Its label.</param>
/// <param name="Predicted">The class that the model predicts, from the recording and in the evaluation.</param>
/// <param name="Confidence">The probability of the predicted class, from the recording.</param>
/// <param name="Seconds">Its length.</param>
/// <param name="Attention">Attention per time step; null: the model has none.</param>
/// <param name="ProbabilityLost">[half seconds], as <see cref="Explanation.ProbabilityLost"/>.</param>
/// <param name="Plot">PNG.</param>
internal sealed record ExplainedClip(
    int Row,
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
    /// <summary>Renders the plot, which has no name of a file either.</summary>
    public static ExplainedClip Create(
        (int Row, ClipPrediction Prediction) clip,
        string chosenAs,
        double seconds,
        Explanation explanation
    ) =>
        new(
            clip.Row,
            chosenAs,
            clip.Prediction.Truth,
            clip.Prediction.Predicted,
            explanation.Confidence,
            seconds,
            explanation.Attention,
            explanation.ProbabilityLost,
            ExplanationPlot.Render(
                explanation,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{clip.Prediction.Predicted}, probability {explanation.Confidence:0.00} "
                        + $"(true label: {clip.Prediction.Truth})"
                )
            )
        );

    /// <summary>Index of the half second whose silence costs the most probability.</summary>
    public int MaxLossPart => ProbabilityLost.Index().MaxBy(part => part.Item).Index;
}
