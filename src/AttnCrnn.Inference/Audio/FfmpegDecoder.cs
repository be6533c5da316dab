using AttnCrnn.Formats.Wav;
using AttnCrnn.IO;

namespace AttnCrnn.Audio;

/// <summary>
/// Decodes audio with an ffmpeg process: no shell, no temporary files, no network protocols, float32 samples through
/// a pipe. FFMpegCore is not used because its pipes are unbounded and one call needs no wrapper.
/// </summary>
internal sealed class FfmpegDecoder : BlockDecoder
{
    private const int HeadBytes = 4096; // more than the header that ffmpeg writes

    private readonly AudioInput input;
    private readonly FfmpegProcess process;
    private readonly WavDecoder wav;
    private readonly long? maxSamples;
    private long decodedSamples; // in all channels
    private bool isFinished;

    private FfmpegDecoder(AudioInput input, FfmpegProcess process, WavDecoder wav, long? maxSamples)
    {
        this.input = input;
        this.process = process;
        this.wav = wav;
        this.maxSamples = maxSamples;
    }

    /// <summary>
    /// Decodes the first audio stream at its sampling rate. Rate and channels come from the WAV header that ffmpeg
    /// writes, so no second process (ffprobe) is needed: process start dominates the time for a short clip.
    /// </summary>
    /// <param name="maxSamples">Maximum number of samples in all channels; null: none.</param>
    /// <exception cref="InvalidFileException">ffmpeg finds no audio in the recording.</exception>
    /// <exception cref="InvalidInputException">ffmpeg is not installed.</exception>
    public static FfmpegDecoder Open(AudioInput input, long? maxSamples, CancellationToken cancellationToken)
    {
        var process = FfmpegProcess.Start(input, cancellationToken);
        try
        {
            var head = new byte[HeadBytes];
            var count = process.Output.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false);
            if (count == 0)
                throw CreateNoAudioError(input, process.Finish());
            var wav = WavFile.OpenPipe(input.Name, head[..count], process.Output);
            return new(input, process, wav, maxSamples)
            {
                SampleRateHz = wav.SampleRateHz,

                Channels = wav.Channels,
            };
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    public override ReadOnlySpan<float> ReadBlock(CancellationToken cancellationToken)
    {
        if (isFinished)
            return [];
        var block = wav.ReadBlock(cancellationToken);
        decodedSamples += block.Length;
        if (decodedSamples > maxSamples)
            throw new InvalidFileException(
                input.Name,
                null,
                "a recording of more than 2 GiB once decoded",
                "a shorter one",
                "split the recording"
            );
        if (block.IsEmpty)
            Finish();
        NonFiniteSampleCount = wav.NonFiniteSampleCount;
        return block;
    }

    public override void Dispose() => process.Dispose();

    private void Finish()
    {
        isFinished = true;
        var errors = process.Finish();
        if (decodedSamples == 0)
            throw CreateNoAudioError(input, errors);
        Warnings.AddRange(wav.Warnings);
        if (GetLastLine(errors) is { } line)
            Warnings.Add($"ffmpeg decoded it with a warning: {line}");
    }

    private static InvalidFileException CreateNoAudioError(AudioInput input, string errors)
    {
        var head = new byte[256];
        input.Stream.Position = 0;
        var count = input.Stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        // "a WAV recording" would not explain why a damaged recording cannot be decoded.
        if (InputFile.Recognize(head.AsSpan(0, count)) is { IsRecording: false } fileType)
            return new(input.Name, 0, fileType.Found, "a recording", fileType.Remedy);
        return new(
            input.Name,
            null,
            $"nothing that ffmpeg can decode{(GetLastLine(errors) is { } line ? $" ({line})" : "")}",
            "a recording",
            input.Path is null
                ? "if it is complete, write it to a file and read the file: "
                    + "in some formats (MP4) ffmpeg must be able to go back"
                : "download the file again, or exclude it"
        );
    }

    private static string? GetLastLine(string errors) =>
        errors.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
}
