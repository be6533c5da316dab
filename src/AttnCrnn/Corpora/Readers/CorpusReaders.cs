namespace AttnCrnn.Corpora.Readers;

/// <summary>The corpora that are recognized. The steps to add one: docs/contributing/corpus.md.</summary>
internal static class CorpusReaders
{
    /// <summary>One line per corpus; the first reader that recognizes a folder reads it.</summary>
    public static IReadOnlyList<ICorpusReader> All { get; } =
    [
        new RavdessReader(), // Livingstone and Russo 2018
        new CremaDReader(), // Cao et al. 2014
        new EmoDbReader(), // Burkhardt et al. 2005
        new SaveeReader(), // Haq and Jackson 2010
    ];

    /// <summary>The reader of a folder's corpus; null if no reader recognizes it.</summary>
    public static ICorpusReader? Find(CorpusFolder folder) => All.FirstOrDefault(reader => reader.Recognizes(folder));

    /// <summary>
    /// Label and speaker of a file name of any corpus, with or without the corpus name as prefix
    /// (<c>ravdess_03-01-…</c>, <c>cremad_…</c>); null if it is of none.
    /// </summary>
    public static ClipMetadata? ParseFileName(string name)
    {
        var nameWithoutPrefix = RemovePrefix(name);
        return All.Select(reader => reader.ParseFileName(nameWithoutPrefix)).FirstOrDefault(clip => clip is not null);
    }

    private static string RemovePrefix(string name)
    {
        var prefix = All.SelectMany(reader => GetPrefixes(reader.Name))
            .FirstOrDefault(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
        return prefix is null ? name : name[prefix.Length..];
    }

    private static IEnumerable<string> GetPrefixes(string corpus) =>
        [$"{corpus}_", $"{corpus.Replace("-", "", StringComparison.Ordinal)}_"];
}
