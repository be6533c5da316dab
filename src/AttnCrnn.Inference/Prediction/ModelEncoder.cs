using System.Runtime.ExceptionServices;
using AttnCrnn.Encoders;
using AttnCrnn.HuggingFace;
using AttnCrnn.Options;

namespace AttnCrnn.Prediction;

/// <summary>
/// A model's encoder, opened when it is first needed. If that fails, every later call fails with the same error: a
/// folder of recordings does not wait for the hub once per recording. Thread-safe.
/// </summary>
public sealed class ModelEncoder : IDisposable
{
    private readonly EncoderDescription expected;
    private readonly string? name;
    private readonly string? layers;
    private readonly int threads;
    private readonly Action<string> notice;
    private readonly SemaphoreSlim opening = new(1); // a lock cannot be held while a download is awaited

    private IEncoder? encoder;
    private ExceptionDispatchInfo? failure;

    /// <summary>Chooses the encoder; it is not opened yet.</summary>
    /// <param name="expected">The encoder of the model's input frames.</param>
    /// <param name="name">Its name, or its folder if it has moved; null: as recorded in the model.</param>
    /// <param name="layers">Its layers, for a model without encoder metadata; null: the default.</param>
    /// <param name="threads">Number of threads, at least 1.</param>
    /// <param name="notice">Receives one line per warning when the encoder is opened.</param>
    /// <exception cref="EncoderOptionException">
    /// Layers are chosen, but the model has encoder metadata or there is no name.
    /// </exception>
    public ModelEncoder(
        EncoderDescription expected,
        string? name,
        string? layers,
        int threads,
        Action<string>? notice = null
    )
    {
        this.expected = expected;
        this.name = name;
        this.layers = layers;
        this.threads = threads;
        this.notice = notice ?? (_ => { });
        if (layers is not null && (name is null || !expected.IsUnknown))
            throw new EncoderOptionException(layers, expected);
    }

    /// <summary>Whether an encoder that is not in the cache is an error, instead of a download.</summary>
    internal bool UsesCacheOnly { get; init; }

    /// <summary>
    /// The encoder; the first call opens it. Blocks the caller's thread if the encoder must be downloaded: await
    /// <see cref="GetAsync"/> first, after which this returns at once.
    /// </summary>
    /// <param name="user">The recording or option that needs it, for messages; null: none.</param>
    /// <exception cref="InvalidInputException">
    /// The encoder is unknown or missing, or differs from the encoder that the model was trained with.
    /// </exception>
    /// <exception cref="OperationCanceledException">The caller canceled; the next call opens the encoder.</exception>
    public IEncoder Get(string? user, CancellationToken cancellationToken = default) =>
        Volatile.Read(ref encoder) ?? GetAsync(user, cancellationToken).GetAwaiter().GetResult();

    /// <summary>The encoder; the first call opens it, and downloads it if it is not in the cache.</summary>
    /// <param name="user">The recording or option that needs it, for messages; null: none.</param>
    /// <exception cref="InvalidInputException">
    /// The encoder is unknown or missing, or differs from the encoder that the model was trained with.
    /// </exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public async Task<IEncoder> GetAsync(string? user, CancellationToken cancellationToken = default)
    {
        RequireKnown(user);
        await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            failure?.Throw();
            return encoder ??= RequireMatch(
                await CreateOpener().OpenAsync(CreateRequest(), cancellationToken).ConfigureAwait(false)
            );
        }
        catch (InvalidInputException exception)
        {
            failure ??= ExceptionDispatchInfo.Capture(exception); // not tried again for the next recording
            throw;
        }
        finally
        {
            opening.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        encoder?.Dispose();
        opening.Dispose();
    }

    private void RequireKnown(string? user)
    {
        if (expected.IsUnknown && name is null)
        {
            var reason = OptionText.Create(
                $"the model has no encoder metadata (feature dimension {expected.Width}); choose the encoder with "
                    + $"{OptionKeys.Encoder} (and {OptionKeys.Layers}), or predict .npz files of frames"
            );
            throw user is null ? new InvalidInputException(reason) : new InvalidInputException(user, reason);
        }
    }

    private EncoderOpener CreateOpener() =>
        new(EncoderFamilies.BuiltIn, notice)
        {
            CreateClient = UsesCacheOnly
                ? () => new(HubSettings.FromEnvironment() with { IsOffline = true }, TimeProvider.System, notice)
                : null,
        };

    private EncoderRequest CreateRequest() =>
        expected.IsUnknown
            ? new EncoderRequest(name!, layers ?? "") { Speech = new() { Threads = threads } }
            : CreateRecordedRequest();

    // Disposes an encoder that does not match.
    private IEncoder RequireMatch(IEncoder openedEncoder) =>
        expected.IsUnknown ? RequireShape(openedEncoder) : RequireRecorded(openedEncoder);

    private IEncoder RequireShape(IEncoder openedEncoder)
    {
        if (
            (openedEncoder.Description.Width, openedEncoder.Description.LayerCount)
            == (expected.Width, expected.LayerCount)
        )
            return openedEncoder;
        var layerText = expected.LayerCount == 1 ? "" : $" of {expected.LayerCount} layers";
        using (openedEncoder)
            throw new InvalidInputException(
                $"the model requires frames with feature dimension {expected.Width}{layerText}, which differs "
                    + $"from {openedEncoder.Description}: "
                    + "choose the encoder and layers that it was trained with"
            );
    }

    private EncoderRequest CreateRecordedRequest()
    {
        var request = EncoderRequest.FromDescription(expected);
        request = request with { Speech = request.Speech with { Threads = threads } };
        if (name is not null)
            return request with
            {
                Name = name,
                Revision = null, // the recorded revision is one of the recorded name
            };
        if (Path.IsPathRooted(expected.Name) && !Directory.Exists(expected.Name))
            throw new InvalidInputException(
                expected.Name,
                OptionText.Create(
                    $"the encoder folder that this model was trained with does not exist; "
                        + $"pass its new folder with {OptionKeys.Encoder} DIR"
                )
            );
        return request;
    }

    private IEncoder RequireRecorded(IEncoder openedEncoder)
    {
        // A moved encoder has a different name; its files must be equal.
        if (openedEncoder.Description with { Name = expected.Name } == expected)
            return openedEncoder;
        using (openedEncoder)
            throw new InvalidInputException(
                OptionText.Create(
                    $"the model was trained on frames of {expected}, and {name ?? expected.Name} is now "
                        + $"{openedEncoder.Description}: pass the encoder that it was trained with by "
                        + $"{OptionKeys.Encoder} DIR, or train a new model"
                )
            );
    }
}
