using System.Runtime.CompilerServices;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Audio;

/// <summary>
/// Reads raw 16-bit PCM from a stream, such as a pipe or a socket, in the chunks in which it arrives.
/// </summary>
public static class PcmReader
{
    private const int ChunkBytes = 1 << 16;

    /// <summary>Reads a stream to its end; channels are averaged.</summary>
    /// <returns>Chunks of [samples], one channel, full scale ±1, at the sample rate of the format.</returns>
    /// <exception cref="InvalidInputException">The stream ends within a sample.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public static async IAsyncEnumerable<ReadOnlyMemory<float>> ReadAsync(
        Stream stream,
        PcmFormat format,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var size = format.BytesPerFrame;
        var buffer = new byte[Math.Max(1, ChunkBytes / size) * size];
        var buffered = 0; // bytes, less than a frame at the start of each read
        long frames = 0;
        while (true)
        {
            var count = await stream.ReadAsync(buffer.AsMemory(buffered), cancellationToken).ConfigureAwait(false);
            if (count == 0)
                break;
            buffered += count;
            var complete = buffered - (buffered % size);
            if (complete > 0)
                yield return Decode(buffer.AsSpan(0, complete), format.Channels);
            frames += complete / size;
            buffered -= complete;
            buffer.AsSpan(complete, buffered).CopyTo(buffer);
        }
        if (buffered > 0)
            throw new InvalidInputException(
                $"the PCM stream ends within a sample: {buffered} bytes after {frames} samples, expected a multiple of "
                    + $"{size} bytes (16 bits, {format.Channels} channels); check the format of the stream"
            );
    }

    private static float[] Decode(ReadOnlySpan<byte> bytes, int channels)
    {
        var interleaved = new float[bytes.Length / SampleDecoder.GetByteSize(SampleEncoding.Signed16)];
        SampleDecoder.Decode(SampleEncoding.Signed16, bytes, interleaved);
        if (channels == 1)
            return interleaved;
        var samples = new float[interleaved.Length / channels];
        ChannelMean.Compute(interleaved, channels, samples);
        return samples;
    }
}
