using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Encoders;

namespace AttnCrnn.Cli.Commands;

/// <summary>A model's encoder, opened when it is first needed.</summary>
internal sealed class ModelEncoder : IDisposable
{
    private readonly EncoderDescription expected;
    private readonly string? name;
    private readonly string? layers;
    private readonly int threads;
    private readonly ConsoleOutput console;

    private IEncoder? encoder;

    /// <param name="expected">The encoder of the model's input frames.</param>
    /// <param name="name">Its name, or its folder if it has moved; null: as recorded in the model.</param>
    /// <param name="layers">Its layers, for a model without encoder metadata; null: the default.</param>
    /// <exception cref="UsageException">The model has encoder metadata, so layers cannot be chosen.</exception>
    public ModelEncoder(EncoderDescription expected, string? name, string? layers, int threads, ConsoleOutput console)
    {
        this.expected = expected;
        this.name = name;
        this.layers = layers;
        this.threads = threads;
        this.console = console;
        if (layers is null || (name is not null && expected.IsUnknown))
            return;
        throw new UsageException(
            expected.IsUnknown
                ? $"--layers {layers}: requires --encoder as well"
                : $"--layers {layers}: the model already has its encoder, {expected}; omit the option"
        );
    }

    /// <summary>The frames of a recording.</summary>
    /// <param name="path">The path of the recording, for messages.</param>
    /// <exception cref="InvalidInputException">
    /// The encoder is unknown or missing, or differs from the encoder that the model was trained with.
    /// </exception>
    public FrameMatrix Encode(string path, float[] samples, CancellationToken cancellationToken) =>
        Get(path, cancellationToken).Encode(samples, cancellationToken);

    /// <summary>The encoder itself.</summary>
    /// <param name="path">The recording or option that needs it, for messages.</param>
    /// <exception cref="InvalidInputException">
    /// The encoder is unknown or missing, or differs from the encoder that the model was trained with.
    /// </exception>
    public IEncoder Get(string path, CancellationToken cancellationToken)
    {
        if (expected.IsUnknown && name is null)
            throw new InvalidInputException(
                path,
                $"the model has no encoder metadata (feature dimension {expected.Width}); "
                    + "choose the encoder with --encoder (and --layers), or, for predict, pass .npz files of frames"
            );
        return encoder ??= expected.IsUnknown ? OpenByName(cancellationToken) : OpenRecorded(cancellationToken);
    }

    public void Dispose() => encoder?.Dispose();

    private IEncoder OpenByName(CancellationToken cancellationToken)
    {
        var openedEncoder = EncoderCatalog.Open(
            new EncoderRequest(name!, layers ?? "") { Speech = new() { Threads = threads } },
            console.WriteMessage,
            cancellationToken: cancellationToken
        );
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

    private IEncoder OpenRecorded(CancellationToken cancellationToken)
    {
        var request = EncoderRequest.FromDescription(expected);
        request = request with { Speech = request.Speech with { Threads = threads } };
        if (name is not null)
            request = request with
            {
                Name = name,
                Revision = null, // the recorded revision is one of the recorded name
            };
        else if (Path.IsPathRooted(expected.Name) && !Directory.Exists(expected.Name))
            throw new InvalidInputException(
                expected.Name,
                "the encoder folder that this model was trained with does not exist; "
                    + "pass its new folder with --encoder DIR"
            );
        var openedEncoder = EncoderCatalog.Open(request, console.WriteMessage, cancellationToken: cancellationToken);
        // A moved encoder has a different name; its files must be equal.
        if (openedEncoder.Description with { Name = expected.Name } == expected)
            return openedEncoder;
        using (openedEncoder)
            throw new InvalidInputException(
                $"the model was trained on frames of {expected}, and {request.Name} is now "
                    + $"{openedEncoder.Description}: "
                    + "pass the encoder that it was trained with by --encoder DIR, or train a new model"
            );
    }
}
