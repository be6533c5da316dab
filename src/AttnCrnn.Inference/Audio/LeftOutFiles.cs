namespace AttnCrnn.Audio;

/// <summary>The files of a folder that are not read, since they have no extension of recordings.</summary>
internal static class LeftOutFiles
{
    private const int MaxExtensions = 10;

    // Beside the recordings of a corpus: label files that its reader reads, transcripts and documents.
    private static readonly HashSet<string> DocumentExtensions = new(
        [
            "",
            ".csv",
            ".doc",
            ".docx",
            ".htm",
            ".html",
            ".json",
            ".jsonl",
            ".lab",
            ".md",
            ".pdf",
            ".scp",
            ".stm",
            ".textgrid",
            ".trs",
            ".tsv",
            ".txt",
            ".xls",
            ".xlsx",
            ".xml",
            ".yaml",
        ],
        StringComparer.OrdinalIgnoreCase
    );

    private static readonly HashSet<string> TableExtensions = new(
        [".csv", ".json", ".jsonl", ".tsv"],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>
    /// One message with the number of files and of each extension, the most frequent first; null: no file is left out.
    /// </summary>
    /// <param name="folder">The folder, for the message.</param>
    /// <param name="files">The files that are left out.</param>
    /// <param name="countDocuments">Whether documents count, and files without extension.</param>
    public static string? Describe(string folder, IEnumerable<string> files, bool countDocuments)
    {
        string[] leftOut =
        [
            .. files.Where(file => countDocuments || !DocumentExtensions.Contains(Path.GetExtension(file))),
        ];
        var extensions = leftOut
            .Select(file => Path.GetExtension(file).ToLowerInvariant())
            .GroupBy(extension => extension)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .ToList();
        if (extensions.Count == 0)
            return null;
        var count = extensions.Sum(group => group.Count());
        var counts = extensions
            .Take(MaxExtensions)
            .Select(group => $"{(group.Key.Length == 0 ? "no extension" : group.Key)} ({group.Count()})");
        var others = extensions.Count - MaxExtensions;
        return $"{folder}: {count} {(count == 1 ? "file is" : "files are")} left out: {string.Join(", ", counts)}"
            + (others > 0 ? $" and {others} other {(others == 1 ? "extension" : "extensions")}" : "")
            + "; only recordings are read (.wav, .flac, .mp3, .mp4 and others)"
            + DescribeTables(leftOut);
    }

    private static string DescribeTables(string[] leftOut)
    {
        string[] tables =
        [
            .. leftOut.Where(file => TableExtensions.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal),
        ];
        return tables.Length == 0
            ? ""
            : $"; a table of clips is read if it is named itself, in place of the folder (for example {tables[0]})";
    }
}
