using AttnCrnn.HuggingFace.Cache;
using AttnCrnn.HuggingFace.Http;

namespace AttnCrnn.HuggingFace;

/// <summary>
/// Downloads files from the Hugging Face hub into the cache shared with Python's huggingface_hub. This is the only part
/// of the library that opens network connections. Not thread-safe; several clients may share a cache.
/// </summary>
public sealed class HubClient : IDisposable
{
    /// <summary>The default branch.</summary>
    public const string DefaultRevision = "main";

    // Requesting a file resolves the branch to a commit, even if the repository lacks it. Nearly every model has this
    // one, and the answer is reused later.
    private const string ResolutionFile = "config.json";
    private const string OfflineSetting = "HF_HUB_OFFLINE is set";

    private readonly HubSettings settings;
    private readonly Action<string> notice;
    private readonly IProgress<HubProgress>? progress;
    private readonly HubHttp http;
    private readonly HubRetries retries;

    /// <summary>Creates a client; it connects only when a requested file is not in the cache.</summary>
    /// <param name="clock">Clock for the delay between retries; request timeouts use the system clock.</param>
    /// <param name="notice">Receives one-line warnings for the user.</param>
    /// <param name="progress">Receives the download progress.</param>
    public HubClient(
        HubSettings settings,
        TimeProvider clock,
        Action<string> notice,
        IProgress<HubProgress>? progress = null
    )
    {
        this.settings = settings;
        this.notice = notice;
        this.progress = progress;
        http = new HubHttp(settings, clock);
        retries = new HubRetries(settings.MaxAttempts, clock, notice);
    }

    /// <summary>
    /// Opens a repository at one commit, which is the same for all its files. A branch or tag is resolved once; a
    /// commit needs no request for cached files. If the hub is unreachable, the cached commit is used, with a
    /// warning.
    /// </summary>
    /// <param name="repository">Repository name, for example <c>facebook/wav2vec2-base</c>.</param>
    /// <param name="revision">A branch, tag, <c>refs/pr/1</c> or 40-digit commit hash; null for main.</param>
    /// <param name="cancellationToken">Cancels this call, not the later ones of the snapshot.</param>
    /// <returns>The snapshot, valid until this client is disposed.</returns>
    /// <exception cref="InvalidInputException">
    /// The repository or revision does not exist, or is neither reachable nor cached.
    /// </exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public async Task<HubSnapshot> OpenAsync(
        string repository,
        string? revision,
        CancellationToken cancellationToken = default
    )
    {
        revision = HubNames.ValidateRevision(revision ?? DefaultRevision);
        var hub = CreateRepository(HubNames.ValidateRepository(repository), revision);
        var isCommit = HubNames.IsCommit(revision);
        var cachedCommit = isCommit ? revision : hub.Folder.FindCommit(revision);
        if (settings.IsOffline)
            return OpenCached(hub, cachedCommit);
        if (isCommit)
            return new HubSnapshot(hub, revision, offlineReason: null, resolvedEntry: null);
        try
        {
            var entry = await hub
                .Remote.RequestAsync(
                    revision,
                    ResolutionFile,
                    cachedCommit is null ? UnansweredRetry.SlowServer : UnansweredRetry.None,
                    cancellationToken
                )
                .ConfigureAwait(false);
            await hub.WriteToCacheAsync(() => Task.FromResult(hub.Folder.SetCommit(revision, entry.Commit)))
                .ConfigureAwait(false);
            return new HubSnapshot(hub, entry.Commit, offlineReason: null, (ResolutionFile, entry));
        }
        catch (HubException exception) when (cachedCommit is not null)
        {
            notice(
                $"{repository}: {exception.Reason}; using commit {cachedCommit[..7]} from the cache, "
                    + $"which may not be the newest of {revision}"
            );
            return new HubSnapshot(hub, cachedCommit, exception.Reason, resolvedEntry: null);
        }
    }

    /// <summary>Sends one request to the hub, without retries and without the cache.</summary>
    /// <returns>Null if the hub answers; otherwise why it does not, in a few words.</returns>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public async Task<string?> FindConnectionProblemAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            using var response = await http.GetHeadersAsync(settings.Endpoint, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (HubTransientException exception)
        {
            return exception.Message;
        }
    }

    private static HubSnapshot OpenCached(HubRepository hub, string? commit)
    {
        if (commit is null || !Directory.Exists(hub.Folder.GetSnapshotPath(commit)))
            throw hub.Errors.CreateMissing("", OfflineSetting);
        return new HubSnapshot(hub, commit, OfflineSetting, resolvedEntry: null);
    }

    private HubRepository CreateRepository(string name, string revision)
    {
        var folder = new HubFolder(settings.CacheFolder, name);
        var errors = new HubErrors(settings, name, revision);
        return new HubRepository(
            name,
            settings,
            folder,
            new HubRemote(settings, http, retries, errors, name),
            new HubDownload(folder, http, retries, errors, notice, progress),
            errors,
            notice
        );
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => http.Dispose();
}
