using AttnCrnn.Corpora.Readers;

namespace AttnCrnn.Corpora;

/// <summary>The corpora that are recognized by their files.</summary>
public static class KnownCorpora
{
    /// <summary>Their descriptions, by name.</summary>
    public static IReadOnlyList<CorpusDescription> Descriptions { get; } =
    [
        .. CorpusReaders
            .All.Select(reader => reader.Description)
            .OrderBy(corpus => corpus.Name, StringComparer.OrdinalIgnoreCase),
    ];
}
