using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Models;
using AttnCrnn.Prediction.Explanations;

namespace AttnCrnn.Prediction;

/// <summary>
/// A model that predicts recordings: one trained by this program, or a published classifier. Thread-safe.
/// </summary>
internal interface IRecordingModel : IDisposable
{
    /// <summary>[outputs], in the order of the outputs.</summary>
    IReadOnlyList<string> Labels { get; }

    /// <summary>What the outputs are.</summary>
    ClassifierOutput Output { get; }

    /// <summary>Description of a model that this program trained; null for a published classifier.</summary>
    TrainedModelInfo? Info { get; }

    /// <summary>Its files.</summary>
    IReadOnlyList<string> Paths { get; }

    /// <summary>Notices for the user, one line each.</summary>
    IReadOnlyList<string> Notices { get; }

    /// <summary>Whether clips are normalized with the statistics of their speaker.</summary>
    bool UsesSpeakerNormalization { get; }

    /// <summary>Opens what is not open yet, and downloads it if it is not in the cache.</summary>
    /// <exception cref="InvalidInputException">The encoder cannot be opened.</exception>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Prepares samples for <see cref="Predict"/>.</summary>
    /// <param name="samples">[samples], 16 kHz mono; not changed later.</param>
    /// <param name="path">The recording, for messages; null: it has no name.</param>
    /// <exception cref="InvalidInputException">The encoder cannot be opened.</exception>
    ModelInput Prepare(ReadOnlyMemory<float> samples, string? path, CancellationToken cancellationToken);

    /// <summary>Predicts the outputs.</summary>
    /// <param name="speaker">Normalization with statistics of the speaker; null: none.</param>
    /// <exception cref="InvalidInputException">The input is too short or too long.</exception>
    double[] Predict(ModelInput input, FeatureNormalization? speaker);

    /// <summary>The self-attention over time in a prediction; null: the model has no such layer.</summary>
    /// <param name="input">From <see cref="Prepare"/>.</param>
    /// <param name="speaker">As for <see cref="Predict"/>.</param>
    /// <exception cref="InvalidInputException">The input is too short or too long.</exception>
    TemporalAttention? ComputeAttention(ModelInput input, FeatureNormalization? speaker);
}
