using System.Buffers.Binary;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.Wav;

/// <summary>A recording as a WAV file holds it.</summary>
/// <param name="Samples">[frames, channels], interleaved, full scale ±1; what was NaN or infinite is 0.</param>
/// <param name="NonFiniteSampleCount">How many samples were NaN or infinite.</param>
/// <param name="Warnings">What is odd about the file though it can be read.</param>
public sealed record WavAudio(
    int SampleRateHz,
    int Channels,
    float[] Samples,
    long NonFiniteSampleCount,
    IReadOnlyList<string> Warnings
)
{
    /// <summary>Samples a channel.</summary>
    public int Frames => Samples.Length / Channels;
}

/// <summary>
/// RIFF WAVE: PCM of 8, 16, 24 and 32 bits, float of 32 and 64, A-law, µ-law, the extensible form, RF64, chunks of odd length, sizes that a
/// stream's writer could not know, any number of channels.
/// </summary>
public static class WavFile
{
    private const string Expected = "a WAV recording (RIFF or RF64)";
    private const int Extensible = 0xFFFE;
    private const int MaxChannels = 1024;

    /// <summary>Reads a recording.</summary>
    /// <exception cref="InvalidFileException">It is no WAV file, codes its samples in a way that is not known, or is damaged before its samples.</exception>
    /// <remarks>A file that ends before the size it declares is read as far as it goes, with a warning.</remarks>
    public static WavAudio Read(string path, CancellationToken cancellationToken = default)
    {
        using var stream = InputFile.Open(path, Expected);
        return Read(path, stream, cancellationToken);
    }

    /// <summary>Reads a recording from a stream that can seek.</summary>
    /// <param name="path">What it is called in messages.</param>
    internal static WavAudio Read(string path, Stream stream, CancellationToken cancellationToken = default)
    {
        var chunks = new WavChunks(path, stream);
        var format = ReadFormat(path, chunks);
        return ReadSamples(path, stream, format, chunks, cancellationToken);
    }

    private readonly record struct Format(SampleCoding Coding, int Channels, int SampleRateHz)
    {
        public int FrameBytes => Channels * SampleDecoder.Bytes(Coding);
    }

    private static Format ReadFormat(string path, WavChunks chunks)
    {
        var (at, bytes) = chunks.Format;
        var tag = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        var channels = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2));
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4));
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(14));
        if (tag == Extensible && bytes.Length >= 40)
            tag = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(24));
        if (channels is 0 or > MaxChannels)
            throw new InvalidFileException(
                path,
                at + 2,
                $"{channels} channels",
                $"1 to {MaxChannels}",
                "the file is damaged: fetch it again"
            );
        if (rate is < 100 or > 10_000_000)
            throw new InvalidFileException(
                path,
                at + 4,
                $"a sample rate of {rate} Hz",
                "100 to 10000000 Hz",
                "the file is damaged: fetch it again"
            );
        SampleCoding? coding = (tag, bits) switch
        {
            (1, 8) => SampleCoding.Unsigned8,
            (1, 16) => SampleCoding.Signed16,
            (1, 24) => SampleCoding.Signed24,
            (1, 32) => SampleCoding.Signed32,
            (3, 32) => SampleCoding.Float32,
            (3, 64) => SampleCoding.Float64,
            (6, 8) => SampleCoding.ALaw,
            (7, 8) => SampleCoding.MuLaw,
            _ => null,
        };
        return coding is { } known
            ? new(known, channels, (int)rate)
            : throw new InvalidFileException(
                path,
                at,
                $"coding 0x{tag:X4} of {bits} bits",
                "PCM of 8, 16, 24 or 32 bits, float of 32 or 64, A-law or µ-law",
                "convert it, as in: ffmpeg -i FILE -c:a pcm_s16le NEW.wav"
            );
    }

    private static WavAudio ReadSamples(
        string path,
        Stream stream,
        Format format,
        WavChunks chunks,
        CancellationToken cancellationToken
    )
    {
        var warnings = new List<string>();
        var there = stream.Length - chunks.DataStart;
        var declared = chunks.DataBytes ?? there;
        if (declared > there)
        {
            if (chunks.DataBytes is not null)
                warnings.Add(
                    $"cut off: {(declared - there) / format.FrameBytes} of {declared / format.FrameBytes} samples are missing at the end"
                );
            declared = there;
        }
        var frames = declared / format.FrameBytes;
        if (frames * format.Channels > Array.MaxLength)
            throw new InvalidFileException(
                path,
                chunks.DataStart,
                $"{frames} samples of {format.Channels} channels",
                $"no more than {Array.MaxLength} numbers",
                "cut the recording into pieces"
            );
        var samples = new float[frames * format.Channels];
        stream.Position = chunks.DataStart;
        var size = SampleDecoder.Bytes(format.Coding);
        var buffer = new byte[(1 << 16) * size];
        for (var at = 0; at < samples.Length; )
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(1 << 16, samples.Length - at);
            stream.ReadExactly(buffer, 0, count * size);
            SampleDecoder.Decode(format.Coding, buffer.AsSpan(0, count * size), samples.AsSpan(at, count));
            at += count;
        }
        var notANumber = WithoutNaN(samples);
        if (notANumber > 0)
            warnings.Add($"{notANumber} samples are not numbers (NaN or infinite); they are read as 0");
        return new(format.SampleRateHz, format.Channels, samples, notANumber, warnings);
    }

    private static long WithoutNaN(Span<float> samples)
    {
        long count = 0;
        foreach (ref var sample in samples)
        {
            if (float.IsFinite(sample))
                continue;
            sample = 0;
            count++;
        }
        return count;
    }
}
