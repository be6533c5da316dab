using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Manifests;

/// <summary>
/// The recordings of a manifest: paths relative to its folder or absolute, as programs of this and other systems write
/// them. What is not there is an error of the audit; here the kinds of paths are told that cannot be there.
/// </summary>
/// <param name="folder">Absolute path of the manifest's folder.</param>
internal sealed class ManifestPaths(string folder)
{
    private const string FileScheme = "file://";

    private readonly List<string> web = [];
    private readonly List<string> absolute = [];
    private int converted;

    /// <summary>The recording of a cell.</summary>
    public string Resolve(string cell)
    {
        if (
            cell.StartsWith(FileScheme, StringComparison.OrdinalIgnoreCase)
            && Uri.TryCreate(cell, UriKind.Absolute, out var uri)
            && uri is { IsFile: true, Host: "" }
        )
            return Path.GetFullPath(uri.LocalPath);
        if (cell.Contains("://", StringComparison.Ordinal))
            web.Add(cell);
        else if (Path.IsPathRooted(cell) || IsRootedInWindows(cell))
            absolute.Add(cell);
        var path = Path.GetFullPath(Path.Combine(folder, cell));
        if (!cell.Contains('\\', StringComparison.Ordinal) || File.Exists(path))
            return path;
        // As a program on Windows writes it; on other systems, \ is a character of a name like any other.
        var other = Path.GetFullPath(Path.Combine(folder, cell.Replace('\\', '/')));
        if (!File.Exists(other))
            return path;
        converted++;
        return other;
    }

    /// <summary>What must be said about the paths.</summary>
    /// <param name="fileName">Name of the manifest.</param>
    public IEnumerable<string> Notices(string fileName)
    {
        if (converted > 0)
            yield return $"{fileName}: {converted} paths have \\ between folders, which is read as /";
        if (web.Count > 0)
            yield return $"{fileName}: {web.Count} recordings are addresses (for example {InputFile.Quote(web[0])}), "
                + "which are not downloaded: download them and write their paths";
        if (absolute.Count > 0 && absolute[0] is var first && !File.Exists(first) && !File.Exists(absolute[^1]))
            yield return $"{fileName}: {absolute.Count} paths are absolute, of which {InputFile.Quote(first)} is not "
                + "there: "
                + (
                    FindBelow(first) is { } relative
                        ? $"{relative} is, below the folder of the manifest: remove what is before it in the paths"
                        : "if they are those of another computer, make them relative to the folder of the manifest"
                );
    }

    private static bool IsRootedInWindows(string cell) =>
        cell.Length > 2 && char.IsAsciiLetter(cell[0]) && cell[1] == ':' && cell[2] is '\\' or '/';

    // The longest end of a path that is there, relative to the folder.
    private string? FindBelow(string cell)
    {
        var parts = cell.Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries);
        return Enumerable
            .Range(1, Math.Max(0, parts.Length - 1))
            .Select(skipped => string.Join('/', parts.Skip(skipped)))
            .FirstOrDefault(relative => File.Exists(Path.Combine(folder, relative)));
    }
}
