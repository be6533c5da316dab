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
    IReadOnlyList<RecordingWarning> Warnings
)
{
    /// <summary>Samples per channel.</summary>
    public int SamplesPerChannel => Samples.Length / Channels;
}

/// <summary>
/// RIFF WAVE: PCM of up to 32 bits, 32 and 64-bit float, A-law, µ-law, WAVE_FORMAT_EXTENSIBLE, RF64, RIFX
/// (big-endian), chunks of odd length with and without padding, unknown sizes of streaming writers, up to 1024
/// channels.
/// </summary>
public static class WavFile
{
    private const string Expected = "a WAV recording (RIFF or RF64)";

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

    /// <summary>Whether bytes begin like a RIFF file; not each is a WAV recording.</summary>
    internal static bool HasRiffName(ReadOnlySpan<byte> head) =>
        head.StartsWith("RIFF"u8)
        || head.StartsWith("RIFX"u8)
        || head.StartsWith("RF64"u8)
        || head.StartsWith("BW64"u8);

    /// <summary>Opens a recording in a seekable stream, which must stay open.</summary>
    /// <param name="path">The name for messages.</param>
    /// <exception cref="InvalidFileException">
    /// It is no WAV recording, damaged, or has an unsupported encoding.
    /// </exception>
    internal static WavDecoder Open(string path, Stream stream) =>
        TryOpen(path, stream, out var format)
        ?? throw new InvalidFileException(
            path,
            null,
            format.Coding,
            "PCM of up to 32 bits, float of 32 or 64, A-law or µ-law",
            "convert it, for example: ffmpeg -i FILE -c:a pcm_s16le NEW.wav"
        );

    /// <summary>As <see cref="Open"/>; null: the encoding is not supported.</summary>
    internal static WavDecoder? TryOpen(string path, Stream stream, out WavFormat format)
    {
        var chunks = new WavChunks(path, stream);
        format = WavFormat.Read(path, chunks);
        if (format.Encoding is null)
            return null;
        var availableBytes = stream.Length - chunks.DataStart;
        var declaredBytes = chunks.DataBytes ?? availableBytes;
        var frames = Math.Min(declaredBytes, availableBytes) / format.BytesPerFrame;
        stream.Position = chunks.DataStart;
        var decoder = CreateDecoder(format, default, stream, frames);
        // Of a half sample at the end, which is none, nothing is missing.
        var declaredFrames = declaredBytes / format.BytesPerFrame;
        if (declaredFrames > frames)
            decoder.Warnings.Add(
                new(
                    RecordingWarning.Truncated,
                    $"truncated: {declaredFrames - frames} of {declaredFrames} samples are missing at the end"
                )
            );
        if (chunks.Warning is { } warning)
            decoder.Warnings.Add(new(RecordingWarning.SecondDataChunk, warning));
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
        var format = WavFormat.Read(path, chunks);
        return CreateDecoder(format, head.AsMemory((int)chunks.DataStart), tail, frames: null);
    }

    private static WavDecoder CreateDecoder(WavFormat format, ReadOnlyMemory<byte> head, Stream tail, long? frames) =>
        new(format, head, tail, frames)
        {
            SampleRateHz = format.SampleRateHz,
            Channels = format.Channels,
            ExpectedSamplesPerChannel = frames,
        };
}
