using System.Diagnostics;
using AttnCrnn.Formats.Wav;
using AttnCrnn.IO;

namespace AttnCrnn.Audio;

/// <summary>
/// Decodes audio with an ffmpeg process: no shell, no temporary files, no network protocols, float32 samples through
/// a pipe. FFMpegCore is not used because its pipes are unbounded and one call needs no wrapper.
/// </summary>
internal static class Ffmpeg
{
    /// <summary>Path of the ffmpeg executable, or null if it is not installed.</summary>
    public static string? Find() => SearchPath.Find("ffmpeg");

    /// <summary>
    /// Decodes the first audio stream at its sampling rate. Rate and channels come from the WAV header that ffmpeg
    /// writes, so no second process (ffprobe) is needed: process start dominates the time for a short clip.
    /// </summary>
    /// <exception cref="InvalidFileException">ffmpeg finds no audio in the file.</exception>
    /// <exception cref="InvalidInputException">ffmpeg is not installed.</exception>
    public static WavAudio Decode(string path, CancellationToken cancellationToken)
    {
        // Pass only existing files to ffmpeg, never a URL such as http://… or concat:….
        using (InputFile.Open(path, "a recording")) { }
        var program = Find()
            ?? throw new InvalidInputException(
                path,
                "only WAV and FLAC can be read without ffmpeg, which is not installed; "
                    + "install it with: sudo apt-get install ffmpeg (Fedora: dnf, macOS: brew)"
            );
        string[] arguments =
        [
            "-nostdin",
            "-v",
            "error",
            "-threads",
            "1",
            "-protocol_whitelist",
            "file,pipe",
            "-i",
            "file:" + path,
            "-map",
            "0:a:0",
            "-vn",
            "-sn",
            "-dn",
            "-f",
            "wav",
            "-c:a",
            "pcm_f32le",
            "-bitexact",
            "pipe:1",
        ];
        var (output, errors) = CollectOutput(program, arguments, path, cancellationToken);
        using (output)
        {
            if (output.Length == 0)
                throw CreateNoAudioError(path, errors);
            output.Position = 0;
            var wav = WavFile.Read(path, output, cancellationToken);
            if (wav.Samples.Length == 0)
                throw CreateNoAudioError(path, errors);
            return GetLastLine(errors) is { } line
                ? wav with
                {
                    Warnings = [.. wav.Warnings, $"ffmpeg decoded it with a warning: {line}"],
                }
                : wav;
        }
    }

    private static (MemoryStream Output, string Errors) CollectOutput(
        string program,
        string[] arguments,
        string path,
        CancellationToken cancellationToken
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start) ?? throw new InvalidInputException($"{program} could not be started");
        using var killer = cancellationToken.Register(() => Kill(process));
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int count; (count = process.StandardOutput.BaseStream.Read(buffer)) > 0; )
        {
            if (output.Length + count > Array.MaxLength)
            {
                Kill(process);
                throw new InvalidFileException(
                    path,
                    null,
                    "a recording of more than 2 GiB once decoded",
                    "a shorter one",
                    "split the recording"
                );
            }
            output.Write(buffer, 0, count);
        }
        process.WaitForExit();
        cancellationToken.ThrowIfCancellationRequested();
        return (output, errors.GetAwaiter().GetResult());
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // The process has already exited.
        }
    }

    private static InvalidFileException CreateNoAudioError(string path, string errors)
    {
        var head = new byte[256];
        int count;
        using (var stream = InputFile.Open(path, "a recording"))
            count = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        // "a WAV recording" would not explain why a damaged recording cannot be decoded.
        if (InputFile.Recognize(head.AsSpan(0, count)) is { IsRecording: false } fileType)
            return new(path, 0, fileType.Found, "a recording", fileType.Remedy);
        return new(
            path,
            null,
            $"nothing that ffmpeg can decode{(GetLastLine(errors) is { } line ? $" ({line})" : "")}",
            "a recording",
            "download the file again, or exclude it"
        );
    }

    private static string? GetLastLine(string errors) =>
        errors.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
}
