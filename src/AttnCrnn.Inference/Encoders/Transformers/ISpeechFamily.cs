using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Encoders.Transformers.Layouts;

namespace AttnCrnn.Encoders.Transformers;

/// <summary>
/// A family of speech encoders that are read from a checkpoint: which checkpoints it recognizes, what they may be asked
/// for, and the network that they describe.
/// </summary>
internal interface ISpeechFamily : IEncoderFamily
{
    /// <summary>The types of models that belong to the family, as its configurations name them.</summary>
    IReadOnlyList<string> ModelTypes { get; }

    /// <summary>The files of its checkpoints.</summary>
    ICheckpointLayout Layout { get; }

    /// <summary>
    /// The contexts that can be requested; none if the encoders have no window of a fixed length.
    /// </summary>
    IReadOnlyList<EncoderContext> Contexts => [];

    /// <summary>
    /// The names of the small files on which the frames of a checkpoint depend; those that it lacks are ignored.
    /// </summary>
    IEnumerable<string> ListHashedFiles(CheckpointFolder folder) => Layout.HashedFiles;

    /// <summary>Whether the linear layers of its networks can be quantized to int8.</summary>
    bool SupportsInt8 => true;

    /// <summary>The checkpoint's model type; null if it belongs to another family.</summary>
    /// <exception cref="InvalidFileException">The configuration is damaged.</exception>
    string? FindModelType(CheckpointFolder folder);

    /// <summary>Reads the configuration and the preprocessor of a checkpoint that the family recognizes.</summary>
    /// <param name="options">Only with what the family supports: <see cref="Contexts"/>,
    /// <see cref="SupportsInt8"/>.</param>
    /// <exception cref="InvalidFileException">A setting is not supported, or the files contradict each
    /// other.</exception>
    ISpeechNetwork Read(CheckpointFolder folder, SpeechOptions options);

    /// <summary>What a checkpoint says of its classification head; the tensors decide whether it has one.</summary>
    /// <exception cref="InvalidFileException">A setting is not supported.</exception>
    ClassifierSettings ReadClassifierSettings(CheckpointFolder folder) => new() { File = folder.Path };
}
