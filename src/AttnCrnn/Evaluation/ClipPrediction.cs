using AttnCrnn.Audio;
using AttnCrnn.Corpora;
using AttnCrnn.Models;

namespace AttnCrnn.Evaluation;

/// <summary>A model's prediction for one clip, with its label.</summary>
/// <param name="Path">File of the clip.</param>
/// <param name="Speaker">Speaker; null if unknown.</param>
/// <param name="Truth">Label of the clip.</param>
/// <param name="Predicted">The label of the highest probability.</param>
/// <param name="Probabilities">[classes], in the order of the evaluation's labels.</param>
/// <param name="Fold">Fold of the predicting model, counted from 1; null without folds.</param>
/// <param name="StartSeconds">Start of the clip in the file; null for the beginning.</param>
/// <param name="EndSeconds">End of the clip in the file; null for the end.</param>
public sealed record ClipPrediction(
    string Path,
    string? Speaker,
    string Truth,
    string Predicted,
    double[] Probabilities,
    int? Fold,
    double? StartSeconds,
    double? EndSeconds
)
{
    /// <summary>[classes], the distribution of several raters' votes; null without votes.</summary>
    public double[]? Votes { get; init; }

    /// <summary>The channel that the corpus assigns to the clip; null: none.</summary>
    public AudioChannel? Channel { get; init; }

    /// <summary>
    /// The temperature that scaled the probabilities; 1 if none was fitted, null if it is not known, or if they are
    /// means over models with different ones.
    /// </summary>
    public double? Temperature { get; init; }

    /// <summary>Sex of the speaker; null if unknown.</summary>
    public string? Sex { get; init; }

    /// <summary>Recording session; null if unknown.</summary>
    public string? Session { get; init; }

    /// <summary>Duration of the clip; null if unknown.</summary>
    public double? Seconds { get; init; }

    // What was predicted, for those who read the recording again; not stored with the predictions.

    /// <summary>The channel that was extracted, unless the clip has one of its own.</summary>
    internal AudioChannel ExtractedChannel { get; init; }

    /// <summary>The statistics of the speaker that normalized the frames; null: those of the training corpus.</summary>
    internal FeatureNormalization? SpeakerNormalization { get; init; }

    /// <summary>Whether the prediction is the label.</summary>
    public bool IsCorrect => Predicted == Truth;

    /// <summary>Identity of the clip across runs.</summary>
    public ClipKey Key => new(Path, StartSeconds, EndSeconds, Channel);
}

/// <summary>Identity of a clip: predictions with equal keys belong to the same clip.</summary>
/// <param name="Path">File of the clip.</param>
/// <param name="StartSeconds">Start in the file; null for the beginning.</param>
/// <param name="EndSeconds">End in the file; null for the end.</param>
/// <param name="Channel">Channel that the corpus assigns to the clip; null: none.</param>
public readonly record struct ClipKey(
    string Path,
    double? StartSeconds,
    double? EndSeconds,
    AudioChannel? Channel = null
)
{
    /// <summary>
    /// The path, with segment and channel if there are such: <c>a.wav [1.5 s to 3 s] [channel 2]</c>.
    /// </summary>
    public override string ToString() =>
        ClipName.Format(Path, StartSeconds, EndSeconds) + (Channel is { } channel ? $" [channel {channel}]" : "");
}
