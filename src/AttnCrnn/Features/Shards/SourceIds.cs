using AttnCrnn.IO;

namespace AttnCrnn.Features.Shards;

/// <summary>Identifiers of the folders, manifests and recordings that were given to extractions.</summary>
internal static class SourceIds
{
    private const char Separator = ' ';
    private const int Length = 16; // hexadecimal digits

    /// <summary>The identifier of a source: short, as every entry has it.</summary>
    /// <param name="path">
    /// Links to its folder are followed, so that another way to the same file gives the same.
    /// </param>
    public static string Create(string path) => Sha256.Compute(Normalize(path))[..Length];

    /// <summary>Identifiers in a cell of an index.</summary>
    public static string[] Parse(string? cell) => (cell ?? "").Split(Separator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The cell with some identifiers, in ordinal order; an unknown source has none.</summary>
    public static string Format(IEnumerable<string> ids) =>
        string.Join(
            Separator,
            ids.Where(id => id != ShardIndexEntry.UnknownSource).Distinct().Order(StringComparer.Ordinal)
        );

    // A link itself stands for itself: "current.csv" is one source, whichever version it leads to.
    private static string Normalize(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return Path.GetDirectoryName(full) is { } folder
            ? Path.Combine(RealPath.Resolve(folder), Path.GetFileName(full))
            : full;
    }
}
