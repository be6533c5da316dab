using AttnCrnn.Formats;

namespace AttnCrnn.Prediction;

/// <summary>The prediction of a recording, or of one window of a recording or of a stream.</summary>
/// <param name="StartSeconds">Start of the window in the recording or stream.</param>
/// <param name="EndSeconds">End of the window.</param>
/// <param name="Probabilities">[classes], in the order of the model's labels.</param>
public sealed record TimedProbabilities(double StartSeconds, double EndSeconds, double[] Probabilities)
{
    /// <summary>What makes the prediction doubtful; empty: nothing was found.</summary>
    public IReadOnlyList<RecordingWarning> Warnings { get; init; } = [];
}
