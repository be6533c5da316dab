namespace AttnCrnn.Corpora.Readers;

/// <summary>How far the names of a folder's recordings are those of a corpus.</summary>
/// <param name="Reader">The reader of the corpus.</param>
/// <param name="Matching">Number of recordings with such names.</param>
/// <param name="Total">Number of recordings.</param>
/// <param name="Doubt">Why the corpus is not recognized although its names match; null otherwise.</param>
/// <param name="IsRecognized">Whether the folder is read as this corpus if no other corpus matches better.</param>
internal sealed record NameMatch(FileNameReader Reader, int Matching, int Total, string? Doubt, bool IsRecognized);
