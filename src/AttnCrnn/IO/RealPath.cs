namespace AttnCrnn.IO;

/// <summary>A path without links: what a hub's cache names is a link to a blob, and its folder may be reached through another.</summary>
public static class RealPath
{
    private const int MaxLinks = 40; // as Linux has it

    /// <summary>The full path, every link on the way followed. Folder by folder, because a relative link counts from where its folder really is.</summary>
    /// <exception cref="InvalidFileException">Links lead in a circle.</exception>
    public static string Resolve(string path)
    {
        var full = Path.GetFullPath(path);
        for (var links = 0; links <= MaxLinks; links++)
        {
            if (FollowFirstLink(full) is not { } next)
                return full;
            full = next;
        }
        throw new InvalidFileException(path, null, "links that lead in a circle", "a file", "fetch the model again");
    }

    private static string? FollowFirstLink(string full)
    {
        var parts = full[Path.GetPathRoot(full)!.Length..]
            .Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        var at = Path.GetPathRoot(full)!;
        for (var i = 0; i < parts.Length; i++)
        {
            var folder = at;
            at = Path.Combine(at, parts[i]);
            if (new FileInfo(at).LinkTarget is { } target)
                return Path.GetFullPath(Path.Combine([folder, target, .. parts[(i + 1)..]]));
        }
        return null;
    }
}
