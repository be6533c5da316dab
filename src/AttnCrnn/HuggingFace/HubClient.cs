namespace AttnCrnn.HuggingFace;

/// <summary>
/// Files of the Hugging Face hub, by way of the cache that Python's huggingface_hub keeps: what is there is not fetched again, and
/// what is fetched is there for Python. The one place of the library that opens a connection by itself.
/// </summary>
public sealed class HubClient : IDisposable
{
    /// <summary>The branch that is meant where none is named.</summary>
    public const string DefaultRevision = "main";

    // Every model has one, so asking for it is as good as asking which commit a branch is at, and is answered for later use.
    private const string FirstFile = "config.json";
    private const string ClosedByUser = "HF_HUB_OFFLINE is set";

    private readonly HubSettings settings;
    private readonly Action<string> notice;
    private readonly IProgress<HubProgress>? progress;
    private readonly HubHttp http;
    private readonly HubRetries retries;

    /// <summary>A client of one hub and its cache; it connects when a file is asked for that the cache lacks.</summary>
    /// <param name="clock">Waits between tries. How long a server may stay silent is measured by the system's own.</param>
    /// <param name="notice">Told, a line each, what the user should know although the work goes on.</param>
    /// <param name="progress">Told of every piece that arrives.</param>
    public HubClient(
        HubSettings settings,
        TimeProvider clock,
        Action<string> notice,
        IProgress<HubProgress>? progress = null
    )
    {
        (this.settings, this.notice, this.progress) = (settings, notice, progress);
        http = new HubHttp(settings, clock);
        retries = new HubRetries(settings.Tries, clock, notice);
    }

    /// <summary>
    /// A repository at one commit, which stays the same for all its files. A branch or tag is asked for once; a commit needs no request
    /// for what the cache has of it. Where the hub is not reached, the commit is the one that the cache knows, with a notice.
    /// </summary>
    /// <param name="repository">As in <c>facebook/wav2vec2-base</c>.</param>
    /// <param name="revision">A branch, a tag, <c>refs/pr/1</c> or a commit of 40 hexadecimal digits; null is main.</param>
    /// <returns>Of use as long as this client.</returns>
    /// <exception cref="InvalidInputException">There is no such repository or revision, or neither hub nor cache has it now.</exception>
    public HubSnapshot Open(string repository, string? revision, CancellationToken cancellation)
    {
        revision = HubNames.Revision(revision ?? DefaultRevision);
        var hub = Repository(HubNames.Repository(repository), revision);
        var isCommit = HubNames.IsCommit(revision);
        var known = isCommit ? revision : hub.Folder.CommitOf(revision);
        if (settings.Offline)
            return Cached(hub, known);
        if (isCommit)
            return new HubSnapshot(hub, revision, closed: null, first: null, cancellation);
        try
        {
            var entry = hub.Remote.Ask(revision, FirstFile, patient: known is null, cancellation);
            hub.Writing(() => hub.Folder.SetCommitOf(revision, entry.Commit));
            return new HubSnapshot(hub, entry.Commit, closed: null, (FirstFile, entry), cancellation);
        }
        catch (HubException fault) when (known is not null)
        {
            notice(
                $"{repository}: {fault.Reason}; using commit {known[..7]} from the cache, which may not be the newest of {revision}"
            );
            return new HubSnapshot(hub, known, fault.Reason, first: null, cancellation);
        }

        HubSnapshot Cached(HubRepository hub, string? commit) =>
            commit is not null && Directory.Exists(hub.Folder.Snapshot(commit))
                ? new HubSnapshot(hub, commit, ClosedByUser, first: null, cancellation)
                : throw hub.Refusals.Missing("", ClosedByUser);
    }

    private HubRepository Repository(string name, string revision)
    {
        var folder = new HubFolder(settings.CacheFolder, name);
        var refusals = new HubErrors(settings, name, revision);
        return new HubRepository(
            name,
            settings,
            folder,
            new HubRemote(settings, http, retries, refusals, name),
            new HubDownload(folder, http, retries, refusals, notice, progress),
            refusals,
            notice
        );
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => http.Dispose();
}
