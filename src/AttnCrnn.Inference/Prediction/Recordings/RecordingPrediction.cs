using AttnCrnn.Formats;
using AttnCrnn.Prediction.Explanations;

namespace AttnCrnn.Prediction.Recordings;

/// <summary>The prediction of an input or of a window of it, or the error because of which there is none.</summary>
/// <param name="Input">The input.</param>
/// <param name="StartSeconds">Start in the recording; null for an error, or if the frame rate is unknown.</param>
/// <param name="EndSeconds">End in the recording; null as <paramref name="StartSeconds"/>.</param>
/// <param name="Probabilities">
/// [classes], in the order of the labels; null for an error, and for a recording without speech of which stretches of
/// speech were to be predicted.
/// </param>
/// <param name="Error">null for a prediction. Its message begins with the path of the input.</param>
public sealed record RecordingPrediction(
    PredictionInput Input,
    double? StartSeconds,
    double? EndSeconds,
    double[]? Probabilities,
    InvalidInputException? Error
)
{
    /// <summary>
    /// What makes the prediction doubtful; empty: nothing was found. With windows or segments of speech, those of the
    /// samples are with the windows that have the samples, and those of the file as a whole with the last one.
    /// </summary>
    public IReadOnlyList<RecordingWarning> Warnings { get; init; } = [];

    /// <summary>What the prediction depends on over time; null: it is not explained.</summary>
    public Explanation? Explanation { get; init; }
}
