using AttnCrnn.Formats;
using AttnCrnn.Formats.Wav;
using AttnCrnn.IO;

namespace AttnCrnn.Audio;

/// <summary>
/// Reads any recording as 16 kHz mono: WAV and FLAC natively, other formats through ffmpeg. The content decides, not
/// the name. Channels are averaged, unless the options choose one. Thread-safe.
/// </summary>
public static class AudioReader
{
    /// <summary>Whether the file name has an extension of recordings, of which a folder is read.</summary>
    public static bool HasAudioExtension(string path) => RecordingExtensions.Contains(path);

    /// <summary>Reads a recording, or a segment of it.</summary>
    /// <param name="startSeconds">Start of the segment; null for the start of the recording.</param>
    /// <param name="endSeconds">End of the segment; null for the end of the recording.</param>
    /// <exception cref="InvalidFileException">The file is not audio, or the segment is outside it.</exception>
    /// <exception cref="InvalidInputException">ffmpeg is required but not installed.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public static Waveform Read(
        string path,
        double? startSeconds = null,
        double? endSeconds = null,
        CancellationToken cancellationToken = default
    )
    {
        var options = new AudioReadOptions
        {
            StartSeconds = startSeconds,

            EndSeconds = endSeconds,
        };
        return Read(path, options, cancellationToken);
    }

    /// <summary>Reads a recording, a segment or a channel of it.</summary>
    /// <exception cref="InvalidFileException">
    /// The file is not audio, exceeds the limits, or does not have the segment or channel.
    /// </exception>
    /// <exception cref="InvalidInputException">ffmpeg is required but not installed.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public static Waveform Read(string path, AudioReadOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        return ReadAll(AudioInput.Open(path, options.Limits), options, cancellationToken);
    }

    /// <summary>Reads a recording of limited size and duration.</summary>
    /// <exception cref="InvalidFileException">The file is not audio, or exceeds the limits.</exception>
    /// <exception cref="InvalidInputException">ffmpeg is required but not installed.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public static Waveform Read(string path, AudioLimits limits, CancellationToken cancellationToken) =>
        Read(path, new AudioReadOptions { Limits = limits }, cancellationToken);

    /// <summary>
    /// Reads a recording from a stream, with the samples of the same file. Formats other than WAV and FLAC are written
    /// to a temporary file, which only this user can read, since ffmpeg must be able to go back in it; it is removed
    /// before this method returns.
    /// </summary>
    /// <param name="stream">
    /// From its position to its end; copied to memory unless it can seek and is at its start. Not closed.
    /// </param>
    /// <param name="name">The name for messages, for example the name of an uploaded file.</param>
    /// <exception cref="InvalidFileException">The stream is not audio, or exceeds the limits.</exception>
    /// <exception cref="InvalidInputException">ffmpeg is required but not installed.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public static Waveform ReadStream(
        Stream stream,
        string name,
        AudioLimits limits,
        CancellationToken cancellationToken
    ) => ReadStream(stream, name, new AudioReadOptions { Limits = limits }, cancellationToken);

    /// <summary>Reads a recording from a stream, a segment or a channel of it.</summary>
    /// <param name="stream">As above.</param>
    /// <param name="name">The name for messages.</param>
    /// <exception cref="InvalidFileException">
    /// The stream is not audio, exceeds the limits, or does not have the segment or channel.
    /// </exception>
    /// <exception cref="InvalidInputException">ffmpeg is required but not installed.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public static Waveform ReadStream(
        Stream stream,
        string name,
        AudioReadOptions options,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        return ReadAll(AudioInput.FromStream(stream, name, options.Limits), options, cancellationToken);
    }

    /// <summary>Reads a recording from memory, as from a stream.</summary>
    /// <param name="bytes">The content of an audio file.</param>
    /// <param name="name">The name for messages.</param>
    /// <exception cref="InvalidFileException">The bytes are not audio, or exceed the limits.</exception>
    /// <exception cref="InvalidInputException">ffmpeg is required but not installed.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public static Waveform ReadBytes(
        ReadOnlyMemory<byte> bytes,
        string name,
        AudioLimits limits,
        CancellationToken cancellationToken
    ) => ReadBytes(bytes, name, new AudioReadOptions { Limits = limits }, cancellationToken);

    /// <summary>Reads a recording from memory, a segment or a channel of it.</summary>
    /// <param name="bytes">The content of an audio file.</param>
    /// <param name="name">The name for messages.</param>
    /// <exception cref="InvalidFileException">As for a stream.</exception>
    /// <exception cref="InvalidInputException">ffmpeg is required but not installed.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public static Waveform ReadBytes(
        ReadOnlyMemory<byte> bytes,
        string name,
        AudioReadOptions options,
        CancellationToken cancellationToken
    )
    {
        using var stream = new MemoryReadStream(bytes);
        return ReadStream(stream, name, options, cancellationToken);
    }

    internal static Waveform ReadAll(AudioInput input, AudioReadOptions options, CancellationToken cancellationToken)
    {
        using var decoder = new WaveformDecoder(input, options, keepsSamples: true, hasParts: false, cancellationToken);
        return ReadAll(decoder, input.Name, options.Segment, cancellationToken);
    }

    /// <summary>Reads a recording of which parts have warnings of their own.</summary>
    internal static DividedWaveform ReadDivided(
        AudioInput input,
        AudioReadOptions options,
        CancellationToken cancellationToken
    )
    {
        using var decoder = new WaveformDecoder(input, options, keepsSamples: true, hasParts: true, cancellationToken);
        var waveform = ReadAll(decoder, input.Name, options.Segment, cancellationToken);
        var ofSegment = waveform.Warnings.Where(warning => warning.Name == RecordingWarning.SegmentEnd);
        return new(waveform, [.. decoder.FileWarnings, .. ofSegment], decoder.FindWarnings);
    }

    private static Waveform ReadAll(
        WaveformDecoder decoder,
        string name,
        AudioSegment segment,
        CancellationToken cancellationToken
    )
    {
        var samples = new SampleList(segment.GetExpectedLength(decoder.ExpectedSamples));
        long decoded = 0;
        for (ReadOnlySpan<float> block; !(block = decoder.ReadBlock(cancellationToken)).IsEmpty; )
        {
            samples.Add(segment.Cut(block, decoded));
            decoded += block.Length;
        }
        segment.ThrowIfOutside(name, decoded);
        IReadOnlyList<RecordingWarning> warnings = segment.CheckEnd(decoded) is { } warning
            ? [.. decoder.Warnings, warning]
            : decoder.Warnings;
        return new(samples.ToArray(), decoder.NonFiniteSampleCount, warnings)
        {
            Bandwidth = decoder.MeasureBandwidth(),
        };
    }
}
