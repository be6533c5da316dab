using AttnCrnn.Formats;

namespace AttnCrnn.Encoders;

/// <summary>One commit of a repository: its files are fetched as they are asked for, and stay in the cache. For one thread.</summary>
public sealed class HubSnapshot
{
    private readonly HubRepository hub;
    private readonly CancellationToken cancellation;
    private readonly bool wasInCache;
    private readonly (string File, HubEntry Entry)? first;
    private string? closed;

    /// <param name="closed">Why the hub is not to be asked, or null.</param>
    /// <param name="first">An answer that came with the opening, so that it need not be asked for again.</param>
    internal HubSnapshot(HubRepository hub, string commit, string? closed, (string File, HubEntry Entry)? first, CancellationToken cancellation)
    {
        (this.hub, Commit, this.closed, this.first, this.cancellation) = (hub, commit, closed, first, cancellation);
        wasInCache = Directory.Exists(Folder);
    }

    /// <summary>As it was opened.</summary>
    public string Repository => hub.Name;

    /// <summary>40 hexadecimal digits: the same commit has the same files for ever.</summary>
    public string Commit { get; }

    /// <summary>Holds the files that were asked for so far, under their own names.</summary>
    public string Folder => hub.Folder.Snapshot(Commit);

    /// <summary>
    /// The path of a file, fetched where the cache lacks it. Null where the repository has no such file, or, where the hub is not to be
    /// reached, the cache has none: what cannot be done without is asked for by <see cref="Get"/>, which says what is missing.
    /// </summary>
    /// <param name="file">As in <c>model.safetensors</c>; folders are parted by /.</param>
    /// <exception cref="RefusedException">It cannot be fetched.</exception>
    public string? Find(string file)
    {
        cancellation.ThrowIfCancellationRequested();
        HubNames.File(file);
        if (hub.Folder.Find(Commit, file) is { } path) return path;
        if (hub.Folder.IsKnownAbsent(Commit, file) || closed is not null) return null;
        try
        {
            return hub.Writing(() => Fetch(file));
        }
        catch (HubFaultException fault) when (wasInCache)
        {
            hub.Notice($"{Repository}: {fault.Reason}; using what the cache has of commit {Commit[..7]}");
            closed = fault.Reason;
            return null;
        }
    }

    /// <summary>The path of a file that must be there.</summary>
    /// <exception cref="RefusedException">The repository has no such file, or it cannot be fetched.</exception>
    public string Get(string file)
    {
        if (Find(file) is { } path) return path;
        throw closed is null || hub.Folder.IsKnownAbsent(Commit, file) ? hub.Refusals.NoSuchFile(file, Commit) : hub.Refusals.Missing(file, closed);
    }

    private string? Fetch(string file)
    {
        var entry = first?.File == file ? first.Value.Entry : hub.Remote.Ask(Commit, file, patient: !wasInCache, cancellation);
        if (entry.Commit != Commit)
            throw new RefusedException(
                $"{Repository}: asked for commit {Commit[..7]}, the hub answered with {entry.Commit[..7]}; "
                + $"check HF_ENDPOINT ({hub.Settings.Endpoint.OriginalString})");
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
