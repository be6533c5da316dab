namespace AttnCrnn.Corpora.Readers;

/// <summary>A recording of a corpus that has label and speaker in its paths.</summary>
/// <param name="Path">Absolute path.</param>
/// <param name="Metadata">Label and speaker; null if the path does not match.</param>
/// <param name="Excluded">Why it is no clip; null for a clip.</param>
internal sealed record NamedRecording(string Path, ClipMetadata? Metadata, string? Excluded)
{
    /// <summary>What the copies of a clip have in common beside speaker and label.</summary>
    public required string Take { get; init; }

    /// <summary>Order of the copies of a clip before their types and paths.</summary>
    public required int Rank { get; init; }

    /// <summary>Whether its name is one of the corpus.</summary>
    public bool IsMatch => Metadata is not null || Excluded is not null;
}
