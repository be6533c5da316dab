using AttnCrnn.Corpora.Readers;

namespace AttnCrnn.Corpora.Layouts;

/// <summary>
/// Finds recordings that tables name by relative paths, whose base is the table's folder in some tools and in others
/// the folder in which a recipe ran.
/// </summary>
/// <param name="folder">The folder that is read.</param>
internal sealed class RecordingFinder(CorpusFolder folder)
{
    // A recipe's data folder may be given alone: the recipe ran in a folder around it.
    private const int FoldersAround = 2;

    private readonly HashSet<string> files = new(folder.Files, StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> bases = new(StringComparer.Ordinal);

    /// <summary>The recording, in the table's folder or the first folder around it that has it, or null.</summary>
    /// <param name="table">Path of the table.</param>
    /// <param name="recording">As the table has it.</param>
    public string? Find(string table, string recording)
    {
        var tableFolder = Path.GetDirectoryName(table)!;
        if (!bases.TryGetValue(tableFolder, out var candidates))
            bases.Add(tableFolder, candidates = [.. ListFolders(tableFolder)]);
        return candidates.Select(candidate => Combine(candidate, recording)).FirstOrDefault(Exists);
    }

    private static string Combine(string candidate, string recording) =>
        Path.GetFullPath(Path.Combine(candidate, recording.Replace('\\', '/')));

    private bool Exists(string path) => files.Contains(path) || File.Exists(path);

    private IEnumerable<string> ListFolders(string tableFolder)
    {
        var current = tableFolder;
        var around = 0;
        while (current is not null && around <= FoldersAround)
        {
            yield return current;
            if (current == folder.Path || around > 0)
                around++;
            current = Path.GetDirectoryName(current);
        }
    }
}
