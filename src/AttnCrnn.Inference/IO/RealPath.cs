namespace AttnCrnn.IO;

/// <summary>Resolves symbolic links: files in the hub cache are links to blobs, and folders may be links too.</summary>
public static class RealPath
{
    private const int MaxLinks = 40; // Linux's limit

    /// <summary>
    /// The full path with every link resolved, component by component: a relative link is relative to the resolved
    /// folder.
    /// </summary>
    /// <exception cref="InvalidFileException">The links form a cycle.</exception>
    public static string Resolve(string path)
    {
        var fullPath = Path.GetFullPath(path);
        for (var links = 0; links <= MaxLinks; links++)
        {
            if (FollowFirstLink(fullPath) is not { } target)
                return fullPath;
            fullPath = target;
        }
        throw new InvalidFileException(path, null, "a cycle of links", "a file", "download the model again");
    }

    private static string? FollowFirstLink(string fullPath)
    {
        var parts = fullPath[Path.GetPathRoot(fullPath)!.Length..]
            .Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        var current = Path.GetPathRoot(fullPath)!;
        for (var i = 0; i < parts.Length; i++)
        {
            var folder = current;
            current = Path.Combine(current, parts[i]);
            if (new FileInfo(current).LinkTarget is { } target)
                return Path.GetFullPath(Path.Combine([folder, target, .. parts[(i + 1)..]]));
        }
        return null;
    }
}
