using System.Buffers.Binary;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.Wav;

/// <summary>A decoded recording.</summary>
/// <param name="SampleRateHz">Sample rate in Hz.</param>
/// <param name="Channels">Number of channels.</param>
/// <param name="Samples">[frames, channels], interleaved, full scale ±1; non-finite samples are replaced by 0.</param>
/// <param name="NonFiniteSampleCount">Number of NaN or infinite samples in the file.</param>
/// <param name="Warnings">Problems that did not prevent reading.</param>
public sealed record WavAudio(
    int SampleRateHz,
    int Channels,
    float[] Samples,
    long NonFiniteSampleCount,
    IReadOnlyList<string> Warnings
)
{
    /// <summary>Samples per channel.</summary>
    public int SamplesPerChannel => Samples.Length / Channels;
}

/// <summary>
/// RIFF WAVE: 8, 16, 24 and 32-bit PCM, 32 and 64-bit float, A-law, µ-law, WAVE_FORMAT_EXTENSIBLE, RF64, chunks of odd
/// length, unknown sizes of streaming writers, up to 1024 channels.
/// </summary>
public static class WavFile
{
    private const string Expected = "a WAV recording (RIFF or RF64)";
    private const int Extensible = 0xFFFE;
    private const int MaxChannels = 1024;

    /// <summary>Reads a recording.</summary>
    /// <exception cref="InvalidFileException">
    /// The file is not a WAV file, has an unsupported encoding, or is damaged before its samples.
    /// </exception>
    /// <remarks>A truncated file is read up to its end, with a warning.</remarks>
    public static WavAudio Read(string path, CancellationToken cancellationToken = default)
    {
        using var stream = InputFile.Open(path, Expected);
        return Read(path, stream, cancellationToken);
    }

    /// <summary>Reads a recording from a seekable stream.</summary>
    /// <param name="path">The name for messages.</param>
    internal static WavAudio Read(string path, Stream stream, CancellationToken cancellationToken = default)
    {
        using var decoder = Open(path, stream);
        var samples = decoder.ExpectedSamplesPerChannel!.Value * decoder.Channels;
        if (samples > Array.MaxLength)
            throw new InvalidFileException(
                path,
                null,
                $"{decoder.ExpectedSamplesPerChannel} samples of {decoder.Channels} channels",
                $"at most {Array.MaxLength} samples in all channels",
                "split the recording"
            );
        return decoder.ReadAll(cancellationToken)!;
    }

    /// <summary>Opens a recording in a seekable stream, which must stay open.</summary>
    /// <param name="path">The name for messages.</param>
    internal static WavDecoder Open(string path, Stream stream)
    {
        var chunks = new WavChunks(path, stream);
        var format = ReadFormat(path, chunks);
        var availableBytes = stream.Length - chunks.DataStart;
        var declaredBytes = chunks.DataBytes ?? availableBytes;
        var frames = Math.Min(declaredBytes, availableBytes) / format.BytesPerFrame;
        stream.Position = chunks.DataStart;
        var decoder = CreateDecoder(format, default, stream, frames);
        if (declaredBytes > availableBytes)
            decoder.Warnings.Add(
                $"truncated: {(declaredBytes - availableBytes) / format.BytesPerFrame} of "
                    + $"{declaredBytes / format.BytesPerFrame} samples are missing at the end"
            );
        return decoder;
    }

    /// <summary>Opens a recording in a pipe, up to the end of the pipe.</summary>
    /// <param name="path">The name for messages.</param>
    /// <param name="head">The first bytes, up to the samples at least.</param>
    /// <param name="tail">The bytes after them; must stay open.</param>
    internal static WavDecoder OpenPipe(string path, byte[] head, Stream tail)
    {
        using var stream = new MemoryStream(head);
        var chunks = new WavChunks(path, stream);
        return CreateDecoder(ReadFormat(path, chunks), head.AsMemory((int)chunks.DataStart), tail, frames: null);
    }

    private static WavDecoder CreateDecoder(Format format, ReadOnlyMemory<byte> head, Stream tail, long? frames) =>
        new(format.Encoding, format.Channels, head, tail, frames)
        {
            SampleRateHz = format.SampleRateHz,
            Channels = format.Channels,
            ExpectedSamplesPerChannel = frames,
        };

    private readonly record struct Format(SampleEncoding Encoding, int Channels, int SampleRateHz)
    {
        public int BytesPerFrame => Channels * SampleDecoder.GetByteSize(Encoding);
    }

    private static Format ReadFormat(string path, WavChunks chunks)
    {
        var (offset, bytes) = chunks.Format;
        var tag = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        var channels = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2));
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4));
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(14));
        if (tag == Extensible && bytes.Length >= 40)
            tag = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(24));
        if (channels is 0 or > MaxChannels)
            throw new InvalidFileException(
                path,
                offset + 2,
                $"{channels} channels",
                $"1 to {MaxChannels}",
                "the file is damaged: download it again"
            );
        if (rate is < 100 or > 10_000_000)
            throw new InvalidFileException(
                path,
                offset + 4,
                $"a sample rate of {rate} Hz",
                "100 to 10000000 Hz",
                "the file is damaged: download it again"
            );
        SampleEncoding? encoding = (tag, bits) switch
        {
            (1, 8) => SampleEncoding.Unsigned8,
            (1, 16) => SampleEncoding.Signed16,
            (1, 24) => SampleEncoding.Signed24,
            (1, 32) => SampleEncoding.Signed32,
            (3, 32) => SampleEncoding.Float32,
            (3, 64) => SampleEncoding.Float64,
            (6, 8) => SampleEncoding.ALaw,
            (7, 8) => SampleEncoding.MuLaw,
            _ => null,
        };
        return encoding is { } supportedEncoding
            ? new(supportedEncoding, channels, (int)rate)
            : throw new InvalidFileException(
                path,
                offset,
                $"coding 0x{tag:X4} of {bits} bits",
                "PCM of 8, 16, 24 or 32 bits, float of 32 or 64, A-law or µ-law",
                "convert it, for example: ffmpeg -i FILE -c:a pcm_s16le NEW.wav"
            );
    }
}
