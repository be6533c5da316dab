namespace AttnCrnn.Prediction.Recordings;

/// <summary>How a set of recordings is normalized by a model with speaker normalization.</summary>
/// <param name="InputCount">Number of inputs, duplicates included.</param>
/// <param name="NormalizedCount">
/// Inputs that are normalized with the statistics of all inputs of their speaker (transductive).
/// </param>
/// <param name="UnknownSpeakerCount">
/// Inputs without a speaker, which are normalized with the statistics of the training corpus.
/// </param>
/// <param name="NormalizedSpeakers">The speakers with statistics, in order of appearance.</param>
/// <param name="InsufficientSpeakers">
/// The speakers with too few clips or frames for statistics, whose inputs are normalized with those of the training
/// corpus.
/// </param>
public sealed record SpeakerStatisticsSummary(
    int InputCount,
    int NormalizedCount,
    int UnknownSpeakerCount,
    IReadOnlyList<string> NormalizedSpeakers,
    IReadOnlyList<string> InsufficientSpeakers
);
