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

    /// <summary>Whether the subsets that sources name are not used.</summary>
    internal bool DisregardsSplits => CorpusProtocol.None.Equals(Protocol, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Where the labels are in the paths of recordings: a path with <c>{label}</c>, a regular expression with a group
    /// label, or none. Null: where the reader of a source finds them.
    /// </summary>
    public string? LabelsFrom { get; init; }

    /// <summary>Where the speakers are, as for <see cref="LabelsFrom"/>, with <c>{speaker}</c>.</summary>
    public string? SpeakersFrom { get; init; }

    /// <summary>Tables of an audformat database that are read; empty: those of its emotions.</summary>
    public IReadOnlyList<string> Tables { get; init; } = [];

    /// <summary>Which label holds in a corpus with intended and perceived emotions.</summary>
    public LabelKind LabelKind { get; init; } = LabelKind.Default;
}
