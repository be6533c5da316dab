using AttnCrnn.Formats;
using AttnCrnn.Formats.Containers;
using AttnCrnn.Formats.Wav;
using AttnCrnn.IO;

namespace AttnCrnn.Audio;

/// <summary>
/// Decodes audio with an ffmpeg process: no shell, no network protocols, no formats that open other files
/// (<see cref="DecodableFormats"/>), float32 samples through a pipe. FFMpegCore is not used because its pipes are
/// unbounded and one call needs no wrapper.
/// </summary>
internal sealed class FfmpegDecoder : BlockDecoder
{
    private const int HeadBytes = 4096; // more than the header that ffmpeg writes

    private readonly string name;
    private readonly string? format;
    private readonly TemporaryRecording file;
    private readonly FfmpegProcess process;
    private readonly WavDecoder wav;
    private readonly long? maxSamples;
    private readonly DeclaredLength length;
    private readonly long fileBytes;
    private long decodedSamples; // in all channels
    private bool isFinished;

    private FfmpegDecoder(AudioInput input, string? format, DeclaredLength length, OpenProcess open, long? maxSamples)
    {
        name = input.Name;
        fileBytes = input.Stream.Length;
        this.format = format;
        this.length = length;
        file = open.File;
        this.maxSamples = maxSamples;
        process = open.Process;
        wav = open.Wav;
    }

    private readonly record struct OpenProcess(FfmpegProcess Process, TemporaryRecording File, WavDecoder Wav);

    /// <summary>
    /// Decodes the first audio stream at its sampling rate. Rate and channels come from the WAV header that ffmpeg
    /// writes, so no second process (ffprobe) is needed: process start dominates the time for a short clip.
    /// </summary>
    /// <param name="format">What the recording is, such as "an MP3 recording"; null: unknown.</param>
    /// <param name="maxSamples">Maximum number of samples in all channels; null: none.</param>
    /// <exception cref="InvalidFileException">ffmpeg finds no audio in the recording, or is not installed.</exception>
    public static FfmpegDecoder Open(
        AudioInput input,
        string? format,
        long? maxSamples,
        CancellationToken cancellationToken
    )
    {
        var program = FfmpegProcess.Find() ?? throw CreateMissingError(input, format);
        var length = ContainerLength.Read(input.Stream);
        var file = TemporaryRecording.Create(input);
        FfmpegProcess? process = null;
        try
        {
            process = FfmpegProcess.Start(program, file.Path, cancellationToken);
            var head = new byte[HeadBytes];
            var count = process.Output.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false);
            if (count == 0)
            {
                var errors = process.Finish();
                throw IsSilentVideo(program, file.Path, cancellationToken)
                    ? CreateSilentVideoError(input.Name)
                    : CreateNoAudioError(input.Name, format, errors, length.FindMissing(input.Stream.Length, 0));
            }
            file.RemoveAfterOpening();
            var wav = WavFile.OpenPipe(input.Name, head[..count], process.Output);
            return new(input, format, length, new(process, file, wav), maxSamples)
            {
                SampleRateHz = wav.SampleRateHz,

                Channels = wav.Channels,
            };
        }
        catch
        {
            process?.Dispose();
            file.Dispose();
            throw;
        }
    }

    public override IReadOnlyList<int> NonFiniteIndices => isFinished ? [] : wav.NonFiniteIndices;

    public override ReadOnlySpan<float> ReadBlock(CancellationToken cancellationToken)
    {
        if (isFinished)
            return [];
        var block = wav.ReadBlock(cancellationToken);
        decodedSamples += block.Length;
        if (decodedSamples > maxSamples)
            throw new InvalidFileException(
                name,
                null,
                "a recording of more than 2 GiB once decoded",
                "a shorter one",
                "split the recording"
            );
        if (block.IsEmpty)
            Finish();
        return block;
    }

    public override void Dispose()
    {
        process.Dispose();
        file.Dispose();
    }

    private void Finish()
    {
        isFinished = true;
        var errors = process.Finish();
        if (decodedSamples == 0)
            throw CreateNoAudioError(name, format, errors, length.FindMissing(fileBytes, 0));
        Warnings.AddRange(wav.Warnings);
        var seconds = (double)decodedSamples / Channels / SampleRateHz;
        if (length.FindMissing(fileBytes, seconds) is { } missing)
            Warnings.Add(new(RecordingWarning.Truncated, $"truncated: {missing}"));
        if (GetLastLine(errors) is { } line)
            Warnings.Add(new(RecordingWarning.Decoder, $"ffmpeg decoded it with a warning: {line}"));
    }

    // By two more processes, since only the words of a message of ffmpeg say so. V: without cover pictures.
    private static bool IsSilentVideo(string program, string path, CancellationToken cancellationToken) =>
        FfmpegProcess.HasStream(program, path, "0:V:0", cancellationToken)
        && !FfmpegProcess.HasStream(program, path, "0:a:0", cancellationToken);

    private static InvalidFileException CreateMissingError(AudioInput input, string? format) =>
        new(
            input.Name,
            null,
            format ?? InputFile.FormatBytes([.. RecordingContent.ReadHead(input.Stream).Take(4)]),
            "WAV or FLAC, since ffmpeg, which reads other formats, is not installed",
            "install it with: sudo apt-get install ffmpeg (Fedora: dnf, macOS: brew)"
        );

    private static InvalidFileException CreateSilentVideoError(string name) =>
        new(
            name,
            null,
            "a video without sound",
            "a recording",
            "the video has no audio stream: exclude it, or use a version of it with sound"
        );

    /// <param name="missing">As <see cref="DeclaredLength.FindMissing"/> says it; null: nothing.</param>
    private static InvalidFileException CreateNoAudioError(
        string name,
        string? format,
        string errors,
        string? missing
    ) =>
        new(
            name,
            null,
            "nothing that ffmpeg can decode"
                + (format is null ? "" : $" in {format}")
                + (missing is null ? "" : $", which is truncated: {missing}")
                + (GetLastLine(errors) is { } line ? $" ({line})" : ""),
            "a recording",
            "download the file again, or exclude it"
        );

    private static string? GetLastLine(string errors) =>
        errors.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
}
