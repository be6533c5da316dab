using AttnCrnn.Cli.Terminal;
using AttnCrnn.Encoders;
using AttnCrnn.Formats;

namespace AttnCrnn.Cli.Commands;

/// <summary>The encoder that a model learned with, opened only if it is needed.</summary>
/// <param name="of">As the model has it.</param>
/// <param name="folder">Where it is now; null: where it was.</param>
internal sealed class ModelEncoder(EncoderDescription of, string? folder, int threads, Shell shell) : IDisposable
{
    private IEncoder? encoder;

    /// <summary>The frames of a recording.</summary>
    /// <param name="path">The recording's, for messages.</param>
    /// <exception cref="RefusedException">The encoder is not to be had, or another one now.</exception>
    public FrameMatrix Encode(string path, float[] samples, CancellationToken cancellationToken)
    {
        if (of.Name == "npz") throw new RefusedException($"{path}: the model learned from .npz frames whose maker is not known; give it .npz frames");
        return Get(cancellationToken).Encode(samples, cancellationToken);
    }

    /// <summary>The encoder itself.</summary>
    /// <exception cref="RefusedException">The encoder is not to be had, or another one now.</exception>
    public IEncoder Get(CancellationToken cancellationToken) => encoder ??= Open(cancellationToken);

    public void Dispose() => encoder?.Dispose();

    private IEncoder Open(CancellationToken cancellationToken)
    {
        var request = EncoderRequest.For(of);
        request = request with { Speech = request.Speech with { Threads = threads } };
        if (folder is not null) request = request with { Name = folder, Revision = null };
        else if (Path.IsPathRooted(of.Name) && !Directory.Exists(of.Name))
            throw new RefusedException($"{of.Name}: the folder of the encoder that this model learned with is gone; say where it is now with --encoder DIR");
        var opened = EncoderCatalog.Open(request, shell.Say, cancellationToken: cancellationToken);
        // In another place it has another name; what counts is that the files are the same.
        if (opened.Description with { Name = of.Name } == of) return opened;
        using (opened) throw new RefusedException($"the model learned from frames of {of}, and {request.Name} now gives those of {opened.Description}: name the encoder it learned with by --encoder DIR, or train anew");
    }
}
