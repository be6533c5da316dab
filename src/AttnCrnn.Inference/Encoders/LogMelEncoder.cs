using AttnCrnn.Audio;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders;

/// <summary>
/// The log-mel spectrogram as an encoder: 80 bands, 100 frames per second, without a download. Thread-safe.
/// </summary>
public sealed class LogMelEncoder : IGraphEncoder
{
    /// <summary>The name on the command line and in stores.</summary>
    public const string Name = "log-mel";

    // Increment whenever a change of LogMel changes its frames: older stores then become incompatible.
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

    int IGraphEncoder.CountFrames(int samples) => LogMel.CountFrames(samples);

    GraphValue IGraphEncoder.AddToGraph(GraphBuilder graph, GraphValue samples) =>
        LogMelGraph.AddFrames(graph, samples);

    /// <summary>Does nothing.</summary>
    public void Dispose() { }
}
