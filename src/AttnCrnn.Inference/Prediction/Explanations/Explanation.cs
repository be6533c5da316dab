namespace AttnCrnn.Prediction.Explanations;

/// <summary>
/// What a prediction depends on over time: which parts of a recording the network attends to, and how much of the
/// predicted class's probability is lost without each half second (docs/explain.md).
/// </summary>
public sealed record Explanation
{
    /// <summary>Length of the parts that are silenced, in seconds.</summary>
    public const double OcclusionSeconds = 0.5;

    /// <summary>
    /// The longest recording or window that is explained, in seconds: it is encoded again for each half second of it,
    /// so that the time grows with the square of its length.
    /// </summary>
    public const double MaxSeconds = 60;

    /// <summary>[samples], what is explained, 16 kHz mono.</summary>
    public required ReadOnlyMemory<float> Waveform { get; init; }

    /// <summary>Start of <see cref="Waveform"/> in its recording, in seconds.</summary>
    public double StartSeconds { get; init; }

    /// <summary>[classes], the prediction, in the order of the model's labels.</summary>
    public required IReadOnlyList<double> Probabilities { get; init; }

    /// <summary>Index of the most probable class, whose probability is explained.</summary>
    public required int PredictedClass { get; init; }

    /// <summary>
    /// [half seconds]: the probability of the predicted class, less its probability when the samples of this half
    /// second are 0; negative: the class is more probable without it. The last half second may be shorter.
    /// </summary>
    public required IReadOnlyList<double> ProbabilityLost { get; init; }

    /// <summary>null: the model has no self-attention layer of its own; published classifiers have none.</summary>
    public TemporalAttention? Attention { get; init; }

    /// <summary>The probability of the predicted class.</summary>
    public double Confidence => Probabilities[PredictedClass];
}
