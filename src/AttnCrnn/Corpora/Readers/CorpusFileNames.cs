namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// Labels and speakers of file names of which nothing else is left, as in a folder of .npz files. A corpus is not
/// recognized by a single name that others could have as well: all names together decide.
/// </summary>
internal sealed class CorpusFileNames
{
    private readonly IReadOnlyList<ICorpusReader> readers;

    private CorpusFileNames(IReadOnlyList<ICorpusReader> readers) => this.readers = readers;

    /// <summary>The corpora that the names without a corpus as prefix show, by number of names.</summary>
    public IEnumerable<string> Corpora => readers.Select(reader => reader.Name);

    /// <param name="names">Names without extensions.</param>
    public static CorpusFileNames Create(IReadOnlyList<string> names)
    {
        string[] unprefixed = [.. names.Where(name => FindPrefix(name) is null)];
        return new([
            .. CorpusReaders
                .All.Select(reader =>
                    (Reader: reader, Count: unprefixed.Count(name => reader.ParseFileName(name) is not null))
                )
                .Where(match => match.Count > 0 && FindDoubt(match.Reader, unprefixed) is null)
                .OrderByDescending(match => match.Count)
                .Select(match => match.Reader),
        ]);
    }

    /// <summary>
    /// Label and speaker of one of the names, with or without the corpus as prefix (<c>ravdess_03-01-…</c>,
    /// <c>cremad_…</c>); null if it is of no corpus that the names show.
    /// </summary>
    public ClipMetadata? Parse(string name) => Find(name)?.Clip;

    /// <summary>As <see cref="Parse"/>, with the name of the corpus.</summary>
    public (string Corpus, ClipMetadata Clip)? Find(string name)
    {
        if (FindPrefix(name) is var (prefixed, prefix))
            return prefixed.ParseFileName(name[prefix.Length..]) is { } found ? (prefixed.Name, found) : null;
        foreach (var reader in readers)
            if (reader.ParseFileName(name) is { } clip)
                return (reader.Name, clip);
        return null;
    }

    private static string? FindDoubt(ICorpusReader reader, IReadOnlyList<string> names) =>
        (reader as FileNameReader)?.FindDoubt(names);

    private static (ICorpusReader Reader, string Prefix)? FindPrefix(string name)
    {
        foreach (var reader in CorpusReaders.All)
        foreach (var prefix in GetPrefixes(reader.Name))
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                return (reader, prefix);
        return null;
    }

    private static IEnumerable<string> GetPrefixes(string corpus) =>
        [$"{corpus}_", $"{corpus.Replace("-", "", StringComparison.Ordinal)}_"];
}
