namespace AttnCrnn.Corpora;

/// <summary>What a user decides about the clips of sources.</summary>
public sealed record CorpusReadOptions
{
    /// <summary>The defaults.</summary>
    public static CorpusReadOptions Default { get; } = new();

    /// <summary>Which of several labels of one clip holds.</summary>
    public LabelConflict LabelConflict { get; init; } = LabelConflict.Refuse;

    /// <summary>
    /// Name of a customary protocol of the recognized corpora, or <see cref="CorpusProtocol.None"/> for no split; null:
    /// the official split where the folders or tables of a corpus have one.
    /// </summary>
    public string? Protocol { get; init; }
}
