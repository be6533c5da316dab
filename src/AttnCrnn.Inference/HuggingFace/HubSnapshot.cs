using AttnCrnn.HuggingFace.Http;

namespace AttnCrnn.HuggingFace;

/// <summary>
/// One commit of a repository: its files are downloaded on demand into the cache. Not thread-safe.
/// </summary>
public sealed class HubSnapshot
{
    private readonly HubRepository hub;
    private readonly bool wasInCache;

    // Answers of the hub for files that are not downloaded yet.
    private readonly Dictionary<string, HubEntry> entries = new(StringComparer.Ordinal);
    private string? offlineReason;

    /// <param name="offlineReason">Why the hub must not be used, or null.</param>
    /// <param name="resolvedEntry">The answer that resolved the revision, reused to save a request.</param>
    internal HubSnapshot(
        HubRepository hub,
        string commit,
        string? offlineReason,
        (string File, HubEntry Entry)? resolvedEntry
    )
    {
        this.hub = hub;
        Commit = commit;
        this.offlineReason = offlineReason;
        if (resolvedEntry is { } answer)
            entries.Add(answer.File, answer.Entry);
        wasInCache = Directory.Exists(Folder);
    }

    /// <summary>Repository name.</summary>
    public string Repository => hub.Name;

    /// <summary>Commit hash, 40 hexadecimal digits.</summary>
    public string Commit { get; }

    /// <summary>Folder with the files requested so far.</summary>
    public string Folder => hub.Folder.GetSnapshotPath(Commit);

    /// <summary>
    /// The path of a file, downloaded if it is not cached. Null if the repository has no such file, or if the hub is
    /// unreachable and the file is not cached. Use <see cref="GetAsync"/> for required files.
    /// </summary>
    /// <param name="file">Path in the repository, with / as separator, for example <c>model.safetensors</c>.</param>
    /// <exception cref="InvalidInputException">The file cannot be downloaded.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled; the partial download is kept.</exception>
    public async Task<string?> FindAsync(string file, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        HubNames.ValidateFile(file);
        if (hub.Folder.Find(Commit, file) is { } path)
            return path;
        if (hub.Folder.IsKnownAbsent(Commit, file) || offlineReason is not null)
            return null;
        try
        {
            return await hub.WriteToCacheAsync(() => DownloadAsync(file, cancellationToken)).ConfigureAwait(false);
        }
        catch (HubException exception) when (wasInCache)
        {
            hub.Notice($"{Repository}: {exception.Reason}; using the cached files of commit {Commit[..7]}");
            offlineReason = exception.Reason;
            return null;
        }
    }

    /// <summary>The path of a required file.</summary>
    /// <exception cref="InvalidInputException">The repository has no such file, or it cannot be downloaded.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled; the partial download is kept.</exception>
    public async Task<string> GetAsync(string file, CancellationToken cancellationToken = default)
    {
        if (await FindAsync(file, cancellationToken).ConfigureAwait(false) is { } path)
            return path;
        throw offlineReason is null || hub.Folder.IsKnownAbsent(Commit, file)
            ? hub.Errors.CreateNoSuchFile(file, Commit)
            : hub.Errors.CreateMissing(file, offlineReason);
    }

    /// <summary>Reports the download size and the free disk space before downloading.</summary>
    /// <param name="files">The files to download.</param>
    /// <exception cref="InvalidInputException">The hub is unreachable.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public async Task AnnounceAsync(IReadOnlyList<string> files, CancellationToken cancellationToken = default)
    {
        var bytes = 0L;
        try
        {
            foreach (var file in files)
            {
                var isResolved = hub.Folder.Find(Commit, file) is not null || hub.Folder.IsKnownAbsent(Commit, file);
                if (isResolved || offlineReason is not null)
                    continue;
                var entry = await RequestAsync(file, cancellationToken).ConfigureAwait(false);
                if (entry.Blob is { } blob && !File.Exists(hub.Folder.GetBlobPath(blob.Etag)))
                    bytes += blob.SizeBytes ?? 0;
            }
        }
        catch (HubException) when (wasInCache)
        {
            return; // FindAsync and GetAsync report what is missing
        }
        if (bytes == 0)
            return;
        var folder = hub.Settings.CacheFolder;
        var availableBytes = GetFreeBytes(folder);
        hub.Notice(
            $"{Repository}: {bytes / 1e6:0.#} MB to download to {folder}"
                + $"{(availableBytes is { } freeBytes ? $" ({freeBytes / 1e6:0} MB free)" : "")}"
        );
    }

    private static long? GetFreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return null; // the folder may not exist yet; the download checks again
        }
    }

    private async Task<HubEntry> RequestAsync(string file, CancellationToken cancellationToken)
    {
        if (!entries.TryGetValue(file, out var entry))
        {
            var unanswered = wasInCache ? UnansweredRetry.None : UnansweredRetry.SlowServer;
            entry = await hub.Remote.RequestAsync(Commit, file, unanswered, cancellationToken).ConfigureAwait(false);
            entries.Add(file, entry);
        }
        return entry;
    }

    private async Task<string?> DownloadAsync(string file, CancellationToken cancellationToken)
    {
        var entry = await RequestAsync(file, cancellationToken).ConfigureAwait(false);
        if (entry.Commit != Commit)
            throw new InvalidInputException(
                $"{Repository}: requested commit {Commit[..7]}, the hub answered with {entry.Commit[..7]}; "
                    + $"check HF_ENDPOINT ({hub.Settings.Endpoint.OriginalString})"
            );
        if (entry.Blob is not { } blob)
        {
            hub.Folder.SetAbsent(Commit, file);
            return null;
        }
        try
        {
            var isNew = await hub
                .Download.EnsureDownloadedAsync(blob, file, $"{Repository}: {file}", cancellationToken)
                .ConfigureAwait(false);
            return hub.Folder.Link(blob.Etag, Commit, file, isNew);
        }
        catch (HubTransientException exception)
        {
            throw hub.Errors.CreateMissing(file, $"{exception.Message} (the partial download is resumed next time)");
        }
    }
}
