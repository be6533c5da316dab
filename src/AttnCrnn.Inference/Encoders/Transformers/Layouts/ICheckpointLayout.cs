using AttnCrnn.Formats.Checkpoints;
using AttnCrnn.HuggingFace;

namespace AttnCrnn.Encoders.Transformers.Layouts;

/// <summary>The files of a kind of checkpoint, in a folder or in a repository of the hub.</summary>
internal interface ICheckpointLayout
{
    /// <summary>The file that every checkpoint of this layout has, and by which it is recognized.</summary>
    string ConfigFile { get; }

    /// <summary>
    /// The small files on which the frames depend, <see cref="ConfigFile"/> included; a checkpoint may lack the others,
    /// and a family may add some (<see cref="ISpeechFamily.ListHashedFiles"/>).
    /// With the weights, they identify a checkpoint that has no commit: a change of this list changes the revision in
    /// stores and models.
    /// </summary>
    IReadOnlyList<string> HashedFiles { get; }

    /// <summary>
    /// Whether a folder holds a checkpoint of this layout, supported or not: a file with the name of
    /// <see cref="ConfigFile"/> may also be of another program.
    /// </summary>
    /// <exception cref="InvalidFileException">The file is damaged.</exception>
    bool IsLayoutOf(CheckpointFolder folder) => folder.Contains(ConfigFile);

    /// <summary>Ensures that all files that the encoder needs are in the cache.</summary>
    /// <exception cref="InvalidInputException">A required file cannot be downloaded.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    Task FetchAsync(HubSnapshot snapshot, CancellationToken cancellationToken);

    /// <summary>Opens the weights; the caller disposes them.</summary>
    /// <exception cref="InvalidFileException">There are no weights, or they are damaged.</exception>
    CheckpointFiles OpenWeights(CheckpointFolder folder);

    /// <summary>The error for a <see cref="ConfigFile"/> that no family recognizes.</summary>
    /// <param name="expected">The model types of all families.</param>
    InvalidFileException CreateUnknownTypeError(CheckpointFolder folder, string expected) =>
        new(
            folder.PathOf(ConfigFile),
            null,
            "the configuration of another model",
            $"one of {expected}",
            "use another checkpoint"
        );
}
