namespace AttnCrnn.IO;

/// <summary>
/// Lists the files of a folder and its subfolders, without hidden ones. Each real folder is entered once, however many
/// links lead to it, and under its own path if that is below the folder; a link to a folder around the listed one is
/// not followed.
/// </summary>
internal sealed class FolderWalk
{
    private readonly string root;
    private readonly HashSet<string> entered = new(StringComparer.Ordinal);
    private readonly List<(string Path, string Target)> links = [];
    private readonly List<string> files = [];
    private readonly List<string> repeatedLinks = [];
    private readonly List<string> unreadable = [];
    private readonly List<string> undecodable = [];

    private readonly Func<string, IEnumerable<FileSystemInfo>> list;

    private FolderWalk(string root, Func<string, IEnumerable<FileSystemInfo>> list)
    {
        this.root = root;
        this.list = list;
    }

    /// <summary>Absolute paths of the files, in ordinal order.</summary>
    public IReadOnlyList<string> Files => files;

    /// <summary>What was left out, with numbers; empty if nothing was.</summary>
    public IReadOnlyList<string> Notices { get; private set; } = [];

    /// <summary>Lists the files below a folder.</summary>
    /// <param name="path">Absolute path of an existing folder.</param>
    /// <exception cref="InvalidInputException">The folder itself cannot be read.</exception>
    public static FolderWalk Create(string path) => Create(path, List);

    /// <summary>As <see cref="Create(string)"/>, with another way to list the entries of a folder.</summary>
    public static FolderWalk Create(string path, Func<string, IEnumerable<FileSystemInfo>> list)
    {
        var walk = new FolderWalk(path, list);
        walk.Enter(path, RealPath.Resolve(path));
        walk.FollowLinks();
        if (walk.unreadable.Contains(path))
            throw new InvalidInputException(path, "this user may not read the folder: grant read permission");
        walk.files.Sort(StringComparer.Ordinal);
        walk.Notices = [.. walk.Describe()];
        return walk;
    }

    // Folders before links, so that a folder that is below the root has its own path.
    private void FollowLinks()
    {
        var realRoot = RealPath.Resolve(root);
        for (var i = 0; i < links.Count; i++)
        {
            var (path, target) = links[i];
            if (entered.Contains(target) || IsAround(target, realRoot))
                repeatedLinks.Add(path);
            else
                Enter(path, target);
        }
    }

    private static bool IsAround(string folder, string realRoot) =>
        AddSeparator(realRoot).StartsWith(AddSeparator(folder), StringComparison.Ordinal);

    private static string AddSeparator(string folder) =>
        Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar;

    private void Enter(string path, string realPath)
    {
        var pending = new Stack<(string Path, string RealPath)>();
        pending.Push((path, realPath));
        while (pending.TryPop(out var folder))
        {
            if (!entered.Add(folder.RealPath))
                continue;
            foreach (var entry in ReadEntries(folder.Path))
            {
                var entryPath = Path.Combine(folder.Path, entry.Name);
                // The attributes of a name that is not UTF-8 cannot be read: all bits are set.
                if (entry is FileInfo || !entry.Attributes.HasFlag(FileAttributes.Directory))
                    files.Add(entryPath);
                else if (NameEncoding.IsReplaced(entry.Name) && !entry.Exists)
                    undecodable.Add(entryPath);
                else if (!entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
                    pending.Push((entryPath, Path.Combine(folder.RealPath, entry.Name)));
                else
                    links.Add((entryPath, RealPath.Resolve(entryPath)));
            }
        }
    }

    private IReadOnlyList<FileSystemInfo> ReadEntries(string folder)
    {
        try
        {
            return [.. list(folder).OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            unreadable.Add(folder);
            return [];
        }
    }

    private static IEnumerable<FileSystemInfo> List(string folder) =>
        new DirectoryInfo(folder).EnumerateFileSystemInfos(
            "*",
            new EnumerationOptions
            {
                AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,

                IgnoreInaccessible = false,
            }
        );

    private IEnumerable<string> Describe()
    {
        if (repeatedLinks.Count > 0)
            yield return $"{root}: {repeatedLinks.Count} "
                + (
                    repeatedLinks.Count == 1
                        ? "link to a folder that is read under another path, or that is around this one, is"
                        : "links to folders that are read under another path, or that are around this one, are"
                )
                + $" not followed (for example {repeatedLinks[0]})";
        if (unreadable.Count > 0)
            yield return $"{root}: {unreadable.Count} "
                + (unreadable.Count == 1 ? "folder" : "folders")
                + $" cannot be entered by this user, and {(unreadable.Count == 1 ? "is" : "are")} left out (for "
                + $"example {unreadable[0]}); the others are read";
        if (undecodable.Count > 0)
            yield return NameEncoding.DescribeFolders(root, undecodable);
    }
}
