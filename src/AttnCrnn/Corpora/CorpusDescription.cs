namespace AttnCrnn.Corpora;

/// <summary>What is known about a corpus, as <c>corpus --list</c> prints it.</summary>
public sealed record CorpusDescription
{
    /// <summary>What to cite, and the license in words.</summary>
    public required CorpusCitation Citation { get; init; }

    /// <summary>Name of the corpus, such as <c>RAVDESS</c>.</summary>
    public string Name => Citation.Corpus;

    /// <summary>What the license allows.</summary>
    public required LicenseKind License { get; init; }

    /// <summary>Number of speakers of the whole corpus; null if unknown.</summary>
    public required int? Speakers { get; init; }

    /// <summary>Labels of its clips, in the words of <see cref="LabelVocabulary"/>, in ordinal order.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>
    /// Whether both the emotions that were intended and those that raters perceived are known: <see cref="LabelKind"/>.
    /// </summary>
    public bool HasIntendedAndPerceived => DefaultLabelKind is not null;

    /// <summary>
    /// The kind of labels that <see cref="LabelKind.Default"/> selects; null without <see
    /// cref="HasIntendedAndPerceived"/>.
    /// </summary>
    public LabelKind? DefaultLabelKind { get; init; }

    /// <summary>Whether its label files have the votes of several raters, for soft targets.</summary>
    public bool HasVotes { get; init; }

    /// <summary>Presets of classes that publications on it use.</summary>
    public IReadOnlyList<LabelPreset> Presets { get; init; } = [];

    /// <summary>Languages of its speech, in English.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>
    /// The split that the authors publish with the corpus, and whether its subsets share speakers; null if there is
    /// none.
    /// </summary>
    public string? OfficialSplit { get; init; }

    /// <summary>The splits that <c>--protocol</c> selects.</summary>
    public IReadOnlyList<CorpusProtocol> Protocols { get; init; } = [];

    /// <summary>The protocol of a name; null if the corpus has none of this name.</summary>
    public CorpusProtocol? FindProtocol(string name) =>
        Protocols.FirstOrDefault(protocol => protocol.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
