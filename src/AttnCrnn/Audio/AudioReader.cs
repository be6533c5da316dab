using AttnCrnn.Formats.Flac;
using AttnCrnn.Formats.Wav;
using AttnCrnn.IO;

namespace AttnCrnn.Audio;

/// <summary>Any recording as 16 kHz mono: WAV and FLAC by our own readers, everything else by ffmpeg. Channels are averaged.</summary>
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

    /// <summary>Whether a file's name says that it is a recording.</summary>
    public static bool IsAudioName(string path) =>
        Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a recording, or a stretch of it.</summary>
    /// <param name="startSeconds">Where the stretch begins; null: at the beginning.</param>
    /// <param name="endSeconds">Where it ends; null: at the end.</param>
    /// <exception cref="InvalidFileException">The file is no recording, or the stretch is outside it.</exception>
    /// <exception cref="InvalidInputException">ffmpeg is needed and not installed.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static Waveform Read(
        string path,
        double? startSeconds = null,
        double? endSeconds = null,
        CancellationToken cancellationToken = default
    )
    {
        var whole = Mono(Decode(path, cancellationToken));
        return startSeconds is null && endSeconds is null ? whole : Cut(path, whole, startSeconds ?? 0, endSeconds);
    }

    private static WavAudio Decode(string path, CancellationToken cancellationToken)
    {
        using (var stream = InputFile.Open(path, "a recording"))
        {
            var known =
                FlacDecoder.IsFlac(stream) ? FlacDecoder.Read(path, stream, cancellationToken)
                : IsWav(path) ? WavFile.Read(path, stream, cancellationToken)
                : null;
            if (known is not null)
                return known;
        }
        return Ffmpeg.Decode(path, cancellationToken);
    }

    private static bool IsWav(string path) => Path.GetExtension(path).ToUpperInvariant() is ".WAV" or ".WAVE";

    private static Waveform Mono(WavAudio wav)
    {
        var mono = wav.Samples;
        if (wav.Channels > 1)
        {
            mono = new float[wav.Frames];
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

    private static Waveform Cut(string path, Waveform whole, double startSeconds, double? endSeconds)
    {
        var first = (long)Math.Round(startSeconds * Waveform.SampleRateHz);
        var end = Math.Min(
            whole.Samples.Length,
            endSeconds is { } seconds ? (long)Math.Round(seconds * Waveform.SampleRateHz) : whole.Samples.Length
        );
        if (first < 0 || first >= end)
            throw new InvalidFileException(
                path,
                null,
                $"{whole.Seconds:0.###} s of sound",
                $"a stretch from {startSeconds:0.###} s to {(endSeconds is { } to ? $"{to:0.###} s" : "the end")}",
                "correct start and end in the manifest"
            );
        return whole with { Samples = whole.Samples[(int)first..(int)end] };
    }
}
