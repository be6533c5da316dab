using AttnCrnn.Formats.Flac;
using AttnCrnn.Formats.Wav;
using AttnCrnn.IO;

namespace AttnCrnn.Audio;

/// <summary>
/// Reads any audio file as 16 kHz mono: WAV and FLAC natively, other formats through ffmpeg. Channels are averaged.
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
    )
    {
        var waveform = ToMono(Decode(path, cancellationToken));
        return startSeconds is null && endSeconds is null
            ? waveform
            : SliceSegment(path, waveform, startSeconds ?? 0, endSeconds);
    }

    private static WavAudio Decode(string path, CancellationToken cancellationToken)
    {
        using (var stream = InputFile.Open(path, "a recording"))
        {
            var decoded =
                FlacDecoder.IsFlac(stream) ? FlacDecoder.Read(path, stream, cancellationToken)
                : IsWav(path) ? WavFile.Read(path, stream, cancellationToken)
                : null;
            if (decoded is not null)
                return decoded;
        }
        return Ffmpeg.Decode(path, cancellationToken);
    }

    private static bool IsWav(string path) => Path.GetExtension(path).ToUpperInvariant() is ".WAV" or ".WAVE";

    private static Waveform ToMono(WavAudio wav)
    {
        var mono = wav.Samples;
        if (wav.Channels > 1)
        {
            mono = new float[wav.SamplesPerChannel];
            for (var i = 0; i < mono.Length; i++)
            {
                var sum = 0f;
                for (var channel = 0; channel < wav.Channels; channel++)
                    sum += wav.Samples[(i * wav.Channels) + channel];
                mono[i] = sum / wav.Channels;
            }
        }
        return new(
            Resampler.Resample(mono, wav.SampleRateHz, Waveform.SampleRateHz),
            wav.NonFiniteSampleCount,
            wav.Warnings
        );
    }

    private static Waveform SliceSegment(string path, Waveform waveform, double startSeconds, double? endSeconds)
    {
        var first = (long)Math.Round(startSeconds * Waveform.SampleRateHz);
        var end = Math.Min(
            waveform.Samples.Length,
            endSeconds is { } seconds ? (long)Math.Round(seconds * Waveform.SampleRateHz) : waveform.Samples.Length
        );
        if (first < 0 || first >= end)
            throw new InvalidFileException(
                path,
                null,
                $"{waveform.Seconds:0.###} s of audio",
                $"a segment from {startSeconds:0.###} s to "
                    + (endSeconds is { } limit ? $"{limit:0.###} s" : "the end"),
                "correct start and end in the manifest"
            );
        return waveform with { Samples = waveform.Samples[(int)first..(int)end] };
    }
}
