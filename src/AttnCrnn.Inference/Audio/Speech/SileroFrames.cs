using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Audio.Speech;

/// <summary>
/// Frames of chunks, each chunk between two frames of zeros: the padding of the next convolution, whose windows are
/// then views of this memory.
/// </summary>
/// <param name="chunks">Maximum number of chunks.</param>
/// <param name="frames">Frames per chunk.</param>
/// <param name="channels">Values per frame.</param>
internal sealed class SileroFrames(int chunks, int frames, int channels) : IDisposable
{
    /// <summary>Frames that a convolution covers: one on each side of its own.</summary>
    public const int Taps = 3;

    private readonly AlignedBuffer buffer = new(chunks * (frames + Taps - 1) * channels);

    /// <summary>Frames per chunk.</summary>
    public int Count => frames;

    /// <summary>A frame of the first chunks: [chunks, channels].</summary>
    public MatrixView GetFrame(int frame, int chunks) => GetRows(frame + 1, chunks, frames: 1);

    /// <summary>A frame with those before and after it: [chunks, 3 · channels].</summary>
    public MatrixView GetWindow(int frame, int chunks) => GetRows(frame, chunks, Taps);

    public void Dispose() => buffer.Dispose();

    private MatrixView GetRows(int first, int chunks, int frames) =>
        buffer.Rows(first * channels, chunks, frames * channels, (Count + Taps - 1) * channels);
}
