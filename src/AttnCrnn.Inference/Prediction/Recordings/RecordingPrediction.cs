namespace AttnCrnn.Prediction.Recordings;

/// <summary>The prediction of an input or of a window of it, or the error because of which there is none.</summary>
/// <param name="Input">The input.</param>
/// <param name="StartSeconds">Start in the recording; null for an error, or if the frame rate is unknown.</param>
/// <param name="EndSeconds">End in the recording; null as <paramref name="StartSeconds"/>.</param>
/// <param name="Probabilities">[classes], in the order of the labels; null for an error.</param>
/// <param name="Error">null for a prediction. Its message begins with the path of the input.</param>
public sealed record RecordingPrediction(
    PredictionInput Input,
    double? StartSeconds,
    double? EndSeconds,
    double[]? Probabilities,
    InvalidInputException? Error
);
