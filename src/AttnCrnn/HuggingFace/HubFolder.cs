using AttnCrnn.IO;

namespace AttnCrnn.HuggingFace;

/// <summary>
/// One repository in the hub's cache, laid out as huggingface_hub lays it out:
/// <c>blobs/ETAG</c> holds the bytes, <c>snapshots/COMMIT/FILE</c> links to them, <c>refs/REVISION</c> says which commit a branch
/// was at when last asked for, <c>.no_exist/COMMIT/FILE</c> that a commit has no such file. Names given here have passed <see cref="HubNames"/>.
/// </summary>
internal sealed class HubFolder(string cacheFolder, string repository)
{
    // Backup programs pass over a folder with this file. Word for word huggingface_hub's, so that it does not matter who was first.
    private const string TagText =
        "Signature: 8a477f597d28d172789f06886806bc55\n# This file is a cache directory tag created by huggingface_hub.\n"
        + "# For information about cache directory tags, see:\n#\thttps://bford.info/cachedir/\n";

    private readonly string folder = Path.Combine(cacheFolder, FolderName(repository));

    public string Snapshot(string commit) => Path.Combine(folder, "snapshots", commit);

    public string Blob(string etag) => Path.Combine(folder, "blobs", etag);

    /// <summary>Where a file's bytes gather until they are whole.</summary>
    public string Incomplete(string etag) => Blob(etag) + ".incomplete";

    /// <summary>Held by whoever fetches the blob.</summary>
    public string Lock(string etag) => Path.Combine(cacheFolder, ".locks", FolderName(repository), etag + ".lock");

    /// <summary>The path of a commit's file, or null where the cache does not have it.</summary>
    public string? Find(string commit, string file)
    {
        var path = Path.Combine(Snapshot(commit), file);
        return Exists(path) ? path : null;
    }

    /// <summary>Whether the hub has said that the commit has no such file.</summary>
    public bool IsKnownAbsent(string commit, string file) => File.Exists(AbsenceOf(commit, file));

    /// <summary>The commit that a revision was at when last asked for, or null where nobody has asked.</summary>
    public string? CommitOf(string revision)
    {
        var path = RefOf(revision);
        if (!File.Exists(path))
            return null;
        var commit = File.ReadAllText(path).Trim();
        return HubNames.IsCommit(commit) ? commit : null;
    }

    /// <summary>Remembers which commit a revision is at. Nothing is written where the cache says so already: it may be read-only.</summary>
    /// <returns>Whether that is news.</returns>
    public bool SetCommitOf(string revision, string commit)
    {
        if (CommitOf(revision) == commit)
            return false;
        Prepare();
        AtomicFile.WriteText(RefOf(revision), commit);
        return true;
    }

    public void SetAbsent(string commit, string file)
    {
        Prepare();
        Directory.CreateDirectory(Path.GetDirectoryName(AbsenceOf(commit, file))!);
        File.WriteAllBytes(AbsenceOf(commit, file), []);
    }

    /// <summary>Makes the folders that a blob and its lock need.</summary>
    public void PrepareFor(string etag)
    {
        Prepare();
        Directory.CreateDirectory(Path.GetDirectoryName(Blob(etag))!);
        Directory.CreateDirectory(Path.GetDirectoryName(Lock(etag))!);
    }

    /// <summary>Shows a blob as a commit's file.</summary>
    /// <param name="isNew">Nothing else links to the blob yet: where the disk knows no links, it is moved instead of copied, as in Python.</param>
    /// <returns>The file's path.</returns>
    public string Link(string etag, string commit, string file, bool isNew)
    {
        var path = Path.Combine(Snapshot(commit), file);
        if (Exists(path))
            return path;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            File.Delete(path); // a link whose blob somebody has removed
            File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, Blob(etag)));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (!Exists(path))
                MoveIntoPlace(Blob(etag), path, isNew);
        }
        return path;
    }

    // File.Exists is true of a link that leads nowhere.
    private static bool Exists(string path) =>
        File.Exists(path) && (File.ResolveLinkTarget(path, returnFinalTarget: true)?.Exists ?? true);

    private static void MoveIntoPlace(string blob, string path, bool isNew)
    {
        if (isNew)
        {
            File.Move(blob, path);
            return;
        }
        using var source = File.OpenRead(blob);
        AtomicFile.Write(path, source.CopyTo);
    }

    private void Prepare()
    {
        Directory.CreateDirectory(folder);
        var tag = Path.Combine(cacheFolder, "CACHEDIR.TAG");
        if (!File.Exists(tag))
            AtomicFile.WriteText(tag, TagText);
    }

    private string RefOf(string revision) => Path.Combine(folder, "refs", revision);

    private string AbsenceOf(string commit, string file) => Path.Combine(folder, ".no_exist", commit, file);

    private static string FolderName(string repository) =>
        "models--" + repository.Replace("/", "--", StringComparison.Ordinal);
}
