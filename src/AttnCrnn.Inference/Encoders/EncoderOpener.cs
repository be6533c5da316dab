using AttnCrnn.Encoders.Transformers;
using AttnCrnn.HuggingFace;
using AttnCrnn.Options;

namespace AttnCrnn.Encoders;

/// <summary>Opens encoders of some families, from the application's folder, another folder, or the hub.</summary>
/// <param name="families">The families that can be opened.</param>
/// <param name="notice">Receives one line per warning.</param>
internal sealed class EncoderOpener(EncoderFamilies families, Action<string> notice)
{
    /// <summary>Receives download progress.</summary>
    public IProgress<HubProgress>? Progress { get; init; }

    /// <summary>Creates the client of the hub when a repository is requested.</summary>
    public Func<HubClient>? CreateClient { get; init; }

    /// <summary>Whether a classifier is wanted, for which encoders are no substitute in messages.</summary>
    public bool IsForClassifier { get; init; }

    /// <inheritdoc cref="EncoderCatalog.Open"/>
    /// <remarks>
    /// The one place that blocks a thread for the network: prediction is synchronous and opens the encoder of a model
    /// when the first recording needs it, and most encoders (included ones, folders) need no download, so that their
    /// callers should not have to be asynchronous. No await of the download returns to a context of the caller, so
    /// that blocking cannot deadlock.
    /// </remarks>
    public IEncoder Open(EncoderRequest request, CancellationToken cancellationToken) =>
        OpenAsync(request, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="EncoderCatalog.OpenAsync"/>
    public async Task<IEncoder> OpenAsync(EncoderRequest request, CancellationToken cancellationToken)
    {
        if (families.FindByName(request.Name) is { } family)
            return family.Open(request);
        var options = request.Layers.Length > 0 ? request.Speech with { Layers = request.Layers } : request.Speech;
        InvalidOptionsException.ThrowIfAny(options.Errors());
        var builtIn = BuiltInEncoder.Find(request.Name);
        var encoder = builtIn is not null
            ? OpenBuiltIn(builtIn, request, options)
            : (
                await OpenCheckpointAsync(request.Name, request.Revision, cancellationToken).ConfigureAwait(false)
            ).OpenEncoder(options);
        if (encoder.Warning is { } warning)
            notice(warning);
        foreach (var assumption in builtIn is null ? encoder.Notices : [])
            notice(assumption);
        return encoder;
    }

    private static SpeechEncoder OpenBuiltIn(BuiltInEncoder encoder, EncoderRequest request, SpeechOptions options) =>
        request.Revision is null
            ? encoder.Open(options)
            : throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.Revision} {request.Revision}: {request.Name} is built in and has one revision; omit "
                        + $"{OptionKeys.Revision}, or specify the repository openai/{request.Name}"
                )
            );

    /// <summary>
    /// Opens the checkpoint of a folder or of a repository, which is downloaded if it is not in the cache.
    /// </summary>
    /// <param name="revision">A branch, tag or commit of the repository; null: main.</param>
    /// <exception cref="InvalidInputException">There is no such checkpoint, or it cannot be downloaded.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public async Task<OpenedCheckpoint> OpenCheckpointAsync(
        string name,
        string? revision,
        CancellationToken cancellationToken
    ) =>
        Directory.Exists(name)
            ? OpenFolder(name, revision)
            : await OpenFromHubAsync(name, revision, cancellationToken).ConfigureAwait(false);

    private OpenedCheckpoint OpenFolder(string name, string? revision)
    {
        if (revision is not null)
            throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.Revision} {revision}: {name} is a folder and has no revisions; "
                        + $"omit {OptionKeys.Revision}"
                )
            );
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(name));
        var commit = Path.GetFileName(folder); // in a snapshot folder of the hub cache
        return new(SpeechCheckpoint.Open(folder, families), folder, HubNames.IsCommit(commit) ? commit : null);
    }

    private async Task<OpenedCheckpoint> OpenFromHubAsync(
        string name,
        string? revision,
        CancellationToken cancellationToken
    )
    {
        if (!HubNames.IsRepository(name))
            throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.Encoder} {name}: neither a folder nor the name of an encoder; expected "
                        + $"{EncoderCatalog.DescribeNames(families)}"
                )
            );
        using var hub = CreateClient?.Invoke()
            ?? new HubClient(CreateSettings(), TimeProvider.System, notice, Progress);
        var snapshot = await hub.OpenAsync(name, revision, cancellationToken).ConfigureAwait(false);
        var folder = await HubCheckpoint.FetchAsync(snapshot, families, cancellationToken).ConfigureAwait(false);
        return new(SpeechCheckpoint.Open(folder, families), name, snapshot.Commit);
    }

    private HubSettings CreateSettings() =>
        IsForClassifier
            ? HubSettings.FromEnvironment() with
            {
                FolderRemedy = "give the checkpoint's folder instead of the repository",
            }
            : HubSettings.FromEnvironment() with
            {
                OfflineRemedy = $"without a network, use {EncoderCatalog.OfflineNames}",
            };
}
