using AttnCrnn.IO;

namespace AttnCrnn.HuggingFace.Cache;

/// <summary>
/// One repository in the hub's cache, in the layout of huggingface_hub: <c>blobs/ETAG</c> holds the content,
/// <c>snapshots/COMMIT/FILE</c> links to it, <c>refs/REVISION</c> stores the last known commit of a branch, and
/// <c>.no_exist/COMMIT/FILE</c> marks files that a commit does not have. Names must have been validated by
/// <see cref="HubNames"/>.
/// </summary>
internal sealed class HubFolder(string cacheFolder, string repository)
{
    // Backup programs skip a folder with this file. Identical to the text written by huggingface_hub.
    private const string TagText =
        "Signature: 8a477f597d28d172789f06886806bc55\n"
        + "# This file is a cache directory tag created by huggingface_hub.\n"
        + "# For information about cache directory tags, see:\n#\thttps://bford.info/cachedir/\n";

    private readonly string folder = Path.Combine(cacheFolder, GetFolderName(repository));

    public string GetSnapshotPath(string commit) => Path.Combine(folder, "snapshots", commit);

    public string GetBlobPath(string etag) => Path.Combine(folder, "blobs", etag);

    /// <summary>Path of a partial download.</summary>
    public string GetIncompletePath(string etag) => GetBlobPath(etag) + ".incomplete";

    /// <summary>Lock file of a download.</summary>
    public string GetLockPath(string etag) =>
        Path.Combine(cacheFolder, ".locks", GetFolderName(repository), etag + ".lock");

    /// <summary>The path of a commit's file, or null if it is not cached.</summary>
    public string? Find(string commit, string file)
    {
        var path = Path.Combine(GetSnapshotPath(commit), file);
        return Exists(path) ? path : null;
    }

    /// <summary>Whether the commit is known to have no such file.</summary>
    public bool IsKnownAbsent(string commit, string file) => File.Exists(GetAbsencePath(commit, file));

    /// <summary>The last known commit of a revision, or null.</summary>
    public string? FindCommit(string revision)
    {
        var path = GetRefPath(revision);
        if (!File.Exists(path))
            return null;
        var commit = File.ReadAllText(path).Trim();
        return HubNames.IsCommit(commit) ? commit : null;
    }

    /// <summary>Stores the commit of a revision. Writes nothing if unchanged: the cache may be read-only.</summary>
    /// <returns>Whether it changed.</returns>
    public bool SetCommit(string revision, string commit)
    {
        if (FindCommit(revision) == commit)
            return false;
        CreateFolder();
        AtomicFile.WriteText(GetRefPath(revision), commit);
        return true;
    }

    public void SetAbsent(string commit, string file)
    {
        CreateFolder();
        Directory.CreateDirectory(Path.GetDirectoryName(GetAbsencePath(commit, file))!);
        File.WriteAllBytes(GetAbsencePath(commit, file), []);
    }

    /// <summary>Creates the folders of a blob and its lock.</summary>
    public void CreateFoldersFor(string etag)
    {
        CreateFolder();
        Directory.CreateDirectory(Path.GetDirectoryName(GetBlobPath(etag))!);
        Directory.CreateDirectory(Path.GetDirectoryName(GetLockPath(etag))!);
    }

    /// <summary>Links a commit's file to its blob.</summary>
    /// <param name="isNew">
    /// Whether no other link to the blob exists: without symbolic links it is then moved instead of copied, as in
    /// Python.
    /// </param>
    /// <returns>The file's path.</returns>
    public string Link(string etag, string commit, string file, bool isNew)
    {
        var path = Path.Combine(GetSnapshotPath(commit), file);
        if (Exists(path))
            return path;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            File.Delete(path); // a dangling link
            File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, GetBlobPath(etag)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!Exists(path))
                MoveIntoPlace(GetBlobPath(etag), path, isNew);
        }
        return path;
    }

    // File.Exists is true for a dangling link.
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

    private void CreateFolder()
    {
        Directory.CreateDirectory(folder);
        var tag = Path.Combine(cacheFolder, "CACHEDIR.TAG");
        if (!File.Exists(tag))
            AtomicFile.WriteText(tag, TagText);
    }

    private string GetRefPath(string revision) => Path.Combine(folder, "refs", revision);

    private string GetAbsencePath(string commit, string file) => Path.Combine(folder, ".no_exist", commit, file);

    private static string GetFolderName(string repository) =>
        "models--" + repository.Replace("/", "--", StringComparison.Ordinal);
}
