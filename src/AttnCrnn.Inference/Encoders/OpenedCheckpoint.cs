using AttnCrnn.Encoders.Transformers;

namespace AttnCrnn.Encoders;

/// <summary>A checkpoint that was found in a folder or on the hub.</summary>
/// <param name="Name">Its name in stores and models: the absolute folder, or the repository.</param>
/// <param name="Commit">Null: it is identified by its files.</param>
internal sealed record OpenedCheckpoint(SpeechCheckpoint Checkpoint, string Name, string? Commit)
{
    /// <summary>Opens its encoder.</summary>
    /// <exception cref="InvalidInputException">The options do not fit it.</exception>
    public SpeechEncoder OpenEncoder(SpeechOptions options) => new(Checkpoint, Name, Commit, options);
}
