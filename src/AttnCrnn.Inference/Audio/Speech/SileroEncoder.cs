using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Audio.Speech;

/// <summary>
/// The part of Silero VAD in front of its LSTM: magnitudes of four windows of a chunk, then four convolutions over
/// them. It sees one chunk, so that a block of them is computed at once. Not thread-safe.
/// </summary>
internal sealed class SileroEncoder : IDisposable
{
    /// <summary>Samples of a chunk, 32 ms.</summary>
    public const int ChunkSamples = 512;

    /// <summary>Chunks of a block: its 1 MB stays in the cache.</summary>
    public const int MaxChunks = 64;

    private const int ContextSamples = 64; // of the chunk before
    private const int ReflectedSamples = 64; // after the chunk
    private const int InputSamples = ContextSamples + ChunkSamples + ReflectedSamples;
    private const int HopSamples = SileroWeights.WindowSamples / 2;
    private const int Windows = 4;

    private readonly SileroWeights weights = SileroWeights.Instance;
    private readonly Disposables parts = new();
    private readonly AlignedBuffer input;
    private readonly AlignedBuffer spectrum;
    private readonly SileroFrames[] layers; // magnitudes, then the output of each convolution

    public SileroEncoder()
    {
        input = parts.Add(new AlignedBuffer(MaxChunks * InputSamples));
        spectrum = parts.Add(new AlignedBuffer(MaxChunks * 2 * SileroWeights.Bins));
        layers = parts.AddAll<SileroFrames>([
            new(MaxChunks, Windows, SileroWeights.Bins),
            new(MaxChunks, 4, 128),
            new(MaxChunks, 2, 64), // stride 2
            new(MaxChunks, 1, 64), // stride 2
            new(MaxChunks, 1, SileroWeights.Units),
        ]);
    }

    /// <summary>Encodes a block.</summary>
    /// <param name="samples">The whole recording.</param>
    /// <param name="first">Its first chunk in the block; the last one is padded with zeros.</param>
    /// <param name="chunks">Up to <see cref="MaxChunks"/>.</param>
    /// <returns>[chunks, 128]; owned by the encoder, valid until its next call.</returns>
    public MatrixView Encode(ReadOnlySpan<float> samples, int first, int chunks)
    {
        for (var i = 0; i < chunks; i++)
            CopyChunk(samples, (first + i) * ChunkSamples, input.Rows(i * InputSamples, 1, InputSamples)[0]);
        for (var window = 0; window < Windows; window++)
            ComputeMagnitudes(window, chunks);
        for (var i = 0; i < weights.Convolutions.Count; i++)
            Convolve(layers[i], weights.Convolutions[i], layers[i + 1], chunks);
        return layers[^1].GetFrame(0, chunks);
    }

    public void Dispose() => parts.Dispose();

    // The 64 samples before the chunk, its 512, and the last 64 before the last one in reverse.
    private static void CopyChunk(ReadOnlySpan<float> samples, int start, Span<float> destination)
    {
        var begin = Math.Max(0, start - ContextSamples); // nothing precedes the first chunk
        var end = Math.Min(samples.Length, start + ChunkSamples);
        var offset = begin - (start - ContextSamples);
        destination.Clear();
        samples[begin..end].CopyTo(destination[offset..]);
        const int last = ContextSamples + ChunkSamples - 1;
        for (var i = 1; i <= ReflectedSamples; i++)
            destination[last + i] = destination[last - i];
    }

    private void ComputeMagnitudes(int window, int chunks)
    {
        var frames = input.Rows(window * HopSamples, chunks, SileroWeights.WindowSamples, InputSamples);
        var waves = spectrum.Rows(0, chunks, 2 * SileroWeights.Bins);
        MatrixProduct.Multiply(frames, weights.Spectrum, waves);
        var magnitudes = layers[0].GetFrame(window, chunks);
        for (var i = 0; i < chunks; i++)
            VectorMath.Magnitude(waves[i][..SileroWeights.Bins], waves[i][SileroWeights.Bins..], magnitudes[i]);
    }

    private static void Convolve(
        SileroFrames source,
        (PackedRight Kernel, float[] Bias) convolution,
        SileroFrames destination,
        int chunks
    )
    {
        var stride = source.Count / destination.Count;
        for (var frame = 0; frame < destination.Count; frame++)
        {
            var rows = destination.GetFrame(frame, chunks);
            for (var i = 0; i < chunks; i++)
                convolution.Bias.CopyTo(rows[i]);
            MatrixProduct.Multiply(
                source.GetWindow(frame * stride, chunks),
                convolution.Kernel,
                rows,
                accumulate: true
            );
            for (var i = 0; i < chunks; i++)
                VectorMath.Relu(rows[i], rows[i]);
        }
    }
}
