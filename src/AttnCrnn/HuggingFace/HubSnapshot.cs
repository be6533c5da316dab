namespace AttnCrnn.HuggingFace;

/// <summary>
/// One commit of a repository: its files are fetched as they are asked for, and stay in the cache. For one thread.
/// </summary>
public sealed class HubSnapshot
{
    private readonly HubRepository hub;
    private readonly CancellationToken cancellation;
    private readonly bool wasInCache;

    // What the hub said of files that were not fetched yet.
    private readonly Dictionary<string, HubEntry> asked = new(StringComparer.Ordinal);
    private string? closed;

    /// <param name="closed">Why the hub is not to be asked, or null.</param>
    /// <param name="first">An answer that came with the opening, so that it need not be asked for again.</param>
    internal HubSnapshot(
        HubRepository hub,
        string commit,
        string? closed,
        (string File, HubEntry Entry)? first,
        CancellationToken cancellation
    )
    {
        (this.hub, Commit, this.closed, this.cancellation) = (hub, commit, closed, cancellation);
        if (first is { } answer)
            asked.Add(answer.File, answer.Entry);
        wasInCache = Directory.Exists(Folder);
    }

    /// <summary>As it was opened.</summary>
    public string Repository => hub.Name;

    /// <summary>40 hexadecimal digits: the same commit has the same files for ever.</summary>
    public string Commit { get; }

    /// <summary>Holds the files that were asked for so far, under their own names.</summary>
    public string Folder => hub.Folder.Snapshot(Commit);

    /// <summary>
    /// The path of a file, fetched where the cache lacks it. Null where the repository has no such file, or, where the
    /// hub is not to be reached, the cache has none: what cannot be done without is asked for by <see cref="Get"/>,
    /// which says what is missing.
    /// </summary>
    /// <param name="file">As in <c>model.safetensors</c>; folders are parted by /.</param>
    /// <exception cref="InvalidInputException">It cannot be fetched.</exception>
    public string? Find(string file)
    {
        cancellation.ThrowIfCancellationRequested();
        HubNames.File(file);
        if (hub.Folder.Find(Commit, file) is { } path)
            return path;
        if (hub.Folder.IsKnownAbsent(Commit, file) || closed is not null)
            return null;
        try
        {
            return hub.Writing(() => Fetch(file));
        }
        catch (HubException fault) when (wasInCache)
        {
            hub.Notice($"{Repository}: {fault.Reason}; using what the cache has of commit {Commit[..7]}");
            closed = fault.Reason;
            return null;
        }
    }

    /// <summary>The path of a file that must be there.</summary>
    /// <exception cref="InvalidInputException">The repository has no such file, or it cannot be fetched.</exception>
    public string Get(string file)
    {
        if (Find(file) is { } path)
            return path;
        throw closed is null || hub.Folder.IsKnownAbsent(Commit, file)
            ? hub.Refusals.NoSuchFile(file, Commit)
            : hub.Refusals.Missing(file, closed);
    }

    /// <summary>Says how much there is to download, and how much room there is for it, before any of it is.</summary>
    /// <param name="files">Those that are to be fetched next.</param>
    /// <exception cref="InvalidInputException">The hub is not reached.</exception>
    public void Announce(IReadOnlyList<string> files)
    {
        var bytes = 0L;
        try
        {
            foreach (var file in files)
                if (hub.Folder.Find(Commit, file) is null && !hub.Folder.IsKnownAbsent(Commit, file) && closed is null)
                    bytes +=
                        Ask(file).Blob is { } blob && !File.Exists(hub.Folder.Blob(blob.Etag))
                            ? blob.SizeBytes ?? 0
                            : 0;
        }
        catch (HubException) when (wasInCache)
        {
            return; // what is missing is said where it is asked for
        }
        if (bytes == 0)
            return;
        var folder = hub.Settings.CacheFolder;
        var free = FreeBytes(folder);
        hub.Notice(
            $"{Repository}: {bytes / 1e6:0.#} MB to download, as many of disk in {folder}"
                + $"{(free is { } room ? $" ({room / 1e6:0} MB free)" : "")}"
        );
    }

    private static long? FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception fault) when (fault is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return null; // a folder that is not there yet, on some systems; the download itself looks again
        }
    }

    private HubEntry Ask(string file)
    {
        if (!asked.TryGetValue(file, out var entry))
            asked.Add(file, entry = hub.Remote.Ask(Commit, file, patient: !wasInCache, cancellation));
        return entry;
    }

    private string? Fetch(string file)
    {
        var entry = Ask(file);
        if (entry.Commit != Commit)
            throw new InvalidInputException(
                $"{Repository}: asked for commit {Commit[..7]}, the hub answered with {entry.Commit[..7]}; "
                    + $"check HF_ENDPOINT ({hub.Settings.Endpoint.OriginalString})"
            );
        if (entry.Blob is not { } blob)
        {
            hub.Folder.SetAbsent(Commit, file);
            return null;
        }
        try
        {
            var isNew = hub.Download.Fetch(blob, file, $"{Repository}: {file}", cancellation);
            return hub.Folder.Link(blob.Etag, Commit, file, isNew);
        }
        catch (HubTransientException fault)
        {
            throw hub.Refusals.Missing(file, $"{fault.Message} (what came of it is kept, and gone on with next time)");
        }
    }
}
