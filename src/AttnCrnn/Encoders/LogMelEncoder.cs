using AttnCrnn.Audio;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders;

/// <summary>The log-mel spectrogram as an encoder: nothing to fetch, 100 frames a second of 80 bands.</summary>
public sealed class LogMelEncoder : IGraphEncoder
{
    /// <summary>As it is called on the command line and in every store.</summary>
    public const string Name = "log-mel";

    // To be raised whenever LogMel's arithmetic changes in a way that its frames show: stores of the old one then stay apart.
    private const string ArithmeticRevision = "1";

    private readonly LogMel logMel = new();

    /// <inheritdoc/>
    public EncoderDescription Description { get; } =
        new(Name, ArithmeticRevision, Layers: "", LogMel.FramesPerSecond, LogMel.Bands, LayerCount: 1);

    /// <inheritdoc/>
    public FrameMatrix Encode(ReadOnlySpan<float> waveform, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var values = logMel.Compute(waveform, out var frames);
        return new FrameMatrix(values, frames, 1, LogMel.Bands);
    }

    long IGraphEncoder.WeightBytes => 0;

    int IGraphEncoder.FrameCount(int samples) => LogMel.FrameCount(samples);

    GraphValue IGraphEncoder.Frames(GraphBuilder graph, GraphValue samples) => LogMelGraph.Frames(graph, samples);

    /// <summary>Nothing to free.</summary>
    public void Dispose() { }
}
