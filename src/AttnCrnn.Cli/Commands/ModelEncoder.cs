using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Encoders;

namespace AttnCrnn.Cli.Commands;

/// <summary>A model's encoder, opened only if a recording is to be heard.</summary>
internal sealed class ModelEncoder : IDisposable
{
    private readonly EncoderDescription of;
    private readonly string? name,
        layers;
    private readonly int threads;
    private readonly ConsoleOutput shell;

    private IEncoder? encoder;

    /// <param name="encoderDescription">What made the frames that the model takes.</param>
    /// <param name="name">Where that encoder is now, or which it is; null: as the model says.</param>
    /// <param name="layers">Its layers, where the model does not say them; null: the default.</param>
    /// <exception cref="UsageException">The model says its layers itself.</exception>
    public ModelEncoder(
        EncoderDescription encoderDescription,
        string? name,
        string? layers,
        int threads,
        ConsoleOutput console
    )
    {
        (this.of, this.name, this.layers, this.threads, this.shell) = (
            encoderDescription,
            name,
            layers,
            threads,
            console
        );
        if (layers is not null && (name is null || !encoderDescription.IsUnknown))
            throw new UsageException(
                $"--layers {layers}: {(encoderDescription.IsUnknown ? "name the encoder as well, with --encoder" : $"the model takes frames of {encoderDescription}; leave it out")}"
            );
    }

    /// <summary>The frames of a recording.</summary>
    /// <param name="path">The recording's, for messages.</param>
    /// <exception cref="InvalidInputException">The encoder is not known, not there, or makes other frames than the model takes.</exception>
    public FrameMatrix Encode(string path, float[] samples, CancellationToken cancellationToken) =>
        Get(path, cancellationToken).Encode(samples, cancellationToken);

    /// <summary>The encoder itself.</summary>
    /// <param name="path">What it is needed for, for messages.</param>
    /// <exception cref="InvalidInputException">The encoder is not known, not there, or makes other frames than the model takes.</exception>
    public IEncoder Get(string path, CancellationToken cancellationToken)
    {
        if (of.IsUnknown && name is null)
            throw new InvalidInputException(
                $"{path}: the model does not say what made its frames, {of.Width} wide; name the encoder with --encoder (and --layers), or, to predict, give it .npz frames"
            );
        return encoder ??= of.IsUnknown ? OpenNamed(cancellationToken) : OpenKnown(cancellationToken);
    }

    public void Dispose() => encoder?.Dispose();

    private IEncoder OpenNamed(CancellationToken cancellationToken)
    {
        var opened = EncoderCatalog.Open(
            new EncoderRequest(name!, layers ?? "") { Speech = new() { Threads = threads } },
            shell.Info,
            cancellationToken: cancellationToken
        );
        if ((opened.Description.Width, opened.Description.LayerCount) == (of.Width, of.LayerCount))
            return opened;
        using (opened)
            throw new InvalidInputException(
                $"the model takes frames {of.Width} wide{(of.LayerCount == 1 ? "" : $" of {of.LayerCount} layers")}, and those of {opened.Description} are not: name the encoder and layers it learned with"
            );
    }

    private IEncoder OpenKnown(CancellationToken cancellationToken)
    {
        var request = EncoderRequest.FromDescription(of);
        request = request with { Speech = request.Speech with { Threads = threads } };
        if (name is not null)
            request = request with { Name = name, Revision = null };
        else if (Path.IsPathRooted(of.Name) && !Directory.Exists(of.Name))
            throw new InvalidInputException(
                $"{of.Name}: the folder of the encoder that this model learned with is gone; say where it is now with --encoder DIR"
            );
        var opened = EncoderCatalog.Open(request, shell.Info, cancellationToken: cancellationToken);
        // In another place it has another name; what counts is that the files are the same.
        if (opened.Description with { Name = of.Name } == of)
            return opened;
        using (opened)
            throw new InvalidInputException(
                $"the model learned from frames of {of}, and {request.Name} now gives those of {opened.Description}: name the encoder it learned with by --encoder DIR, or train anew"
            );
    }
}
