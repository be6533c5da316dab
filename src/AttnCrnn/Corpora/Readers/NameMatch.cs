namespace AttnCrnn.Corpora.Readers;

/// <summary>How far the names of a folder's recordings are those of a corpus.</summary>
/// <param name="Reader">The reader of the corpus.</param>
/// <param name="Matching">Number of recordings with such names.</param>
/// <param name="Total">Number of recordings.</param>
/// <param name="Doubt">Why the corpus is not recognized although its names match; null otherwise.</param>
/// <param name="IsRecognized">Whether the folder is read as this corpus if no other corpus matches better.</param>
internal sealed record NameMatch(FileNameReader Reader, int Matching, int Total, string? Doubt, bool IsRecognized)
{
    private const int MinPartialNames = 3;
    private const int MinPartialPercent = 10;

    /// <summary>
    /// The recordings of the corpus in a folder that has too many others to be read as the corpus; empty: there are
    /// none or too few to mention.
    /// </summary>
    public IReadOnlyList<string> Partial { get; init; } = [];

    /// <summary>Whether so many of the names of a folder are those of a corpus that it must be said.</summary>
    public static bool IsWorthMention(int matching, int total) =>
        matching >= MinPartialNames && matching * 100L >= MinPartialPercent * (long)total;
}
