using AttnCrnn.Formats.Wav;
using AttnCrnn.IO;

namespace AttnCrnn.Audio;

/// <summary>
/// Reads any recording as 16 kHz mono: WAV and FLAC natively, other formats through ffmpeg. Channels are averaged.
/// Thread-safe.
/// </summary>
public static class AudioReader
{
    private static readonly string[] Extensions =
    [
        ".wav",
        ".wave",
        ".flac",
        ".mp3",
        ".mp4",
        ".m4a",
        ".aac",
        ".ogg",
        ".oga",
        ".opus",
        ".flv",
        ".wma",
        ".aif",
        ".aiff",
        ".webm",
        ".mkv",
        ".mov",
        ".avi",
    ];

    /// <summary>Whether the file name has an audio extension.</summary>
    public static bool HasAudioExtension(string path) =>
        Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

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
    ) =>
        ReadAll(
            AudioInput.Open(path, AudioLimits.None),
            AudioLimits.None,
            new(startSeconds, endSeconds),
            cancellationToken
        );

    /// <summary>Reads a recording of limited size and duration.</summary>
    /// <exception cref="InvalidFileException">The file is not audio, or exceeds the limits.</exception>
    /// <exception cref="InvalidInputException">ffmpeg is required but not installed.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public static Waveform Read(string path, AudioLimits limits, CancellationToken cancellationToken) =>
        ReadAll(AudioInput.Open(path, limits), limits, AudioSegment.FullRecording, cancellationToken);

    /// <summary>
    /// Reads a recording from a stream; its format is recognized by its content. Formats other than WAV and FLAC go
    /// through the standard input of ffmpeg, which cannot go back: an MP4 file whose index is at its end needs a path,
    /// and of an MP3 stream ffmpeg keeps the encoder's padding at the end (80 samples more of a clip of 0.5 s).
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
    ) => ReadAll(AudioInput.FromStream(stream, name, limits), limits, AudioSegment.FullRecording, cancellationToken);

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
    )
    {
        using var stream = new MemoryReadStream(bytes);
        return ReadStream(stream, name, limits, cancellationToken);
    }

    internal static Waveform ReadAll(
        AudioInput input,
        AudioLimits limits,
        AudioSegment segment,
        CancellationToken cancellationToken
    )
    {
        using var decoder = new WaveformDecoder(input, limits, keepsSamples: true, cancellationToken);
        var samples = new SampleList(segment.GetExpectedLength(decoder.ExpectedSamples));
        long decoded = 0;
        for (ReadOnlySpan<float> block; !(block = decoder.ReadBlock(cancellationToken)).IsEmpty; )
        {
            samples.Add(segment.Cut(block, decoded));
            decoded += block.Length;
        }
        segment.ThrowIfOutside(input.Name, decoded);
        return new(samples.ToArray(), decoder.NonFiniteSampleCount, [.. decoder.Warnings]);
    }
}
