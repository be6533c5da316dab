using System.Diagnostics;
using AttnCrnn.Formats.Wav;
using AttnCrnn.IO;

namespace AttnCrnn.Audio;

/// <summary>
/// ffmpeg as a process of its own: no shell, no temporary files, no network (files and pipes alone), float32 samples out of a pipe. The process
/// itself and not FFMpegCore: one call with a handful of arguments needs no wrapper, and the wrapper's pipes are not bounded.
/// </summary>
internal static class Ffmpeg
{
    /// <summary>The program's path, or null where it is not installed.</summary>
    public static string? Find()
    {
        var names = OperatingSystem.IsWindows() ? (string[])["ffmpeg.exe"] : ["ffmpeg"];
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>
    /// The recording's first audio stream as it is, rate and channels told by the WAV header that ffmpeg puts before it: so one process does, where
    /// asking ffprobe first would be a second, and starting them is most of the time that a short clip takes.
    /// </summary>
    /// <exception cref="InvalidFileException">ffmpeg finds no sound in it.</exception>
    /// <exception cref="InvalidInputException">ffmpeg is not installed.</exception>
    public static WavAudio Decode(string path, CancellationToken cancellationToken)
    {
        // Only what the system can open as a file reaches ffmpeg: a name such as http://… or concat:… never does.
        using (InputFile.Open(path, "a recording")) { }
        var program = Find()
            ?? throw new InvalidInputException(
                $"{path}: only WAV and FLAC are read without ffmpeg, which is not installed here; get it with: sudo apt-get install ffmpeg (Fedora: dnf, macOS: brew)"
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
        var (output, errors) = Collect(program, arguments, path, cancellationToken);
        using (output)
        {
            if (output.Length == 0)
                throw NoSound(path, errors);
            output.Position = 0;
            var wav = WavFile.Read(path, output, cancellationToken);
            if (wav.Samples.Length == 0)
                throw NoSound(path, errors);
            return LastLine(errors) is { } line
                ? wav with
                {
                    Warnings = [.. wav.Warnings, $"ffmpeg decoded it, but said: {line}"],
                }
                : wav;
        }
    }

    private static (MemoryStream Output, string Errors) Collect(
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
        for (int had; (had = process.StandardOutput.BaseStream.Read(buffer)) > 0; )
        {
            if (output.Length + had > Array.MaxLength)
            {
                Kill(process);
                throw new InvalidFileException(
                    path,
                    null,
                    "a recording of more than 2 GiB once decoded",
                    "a shorter one",
                    "cut it into pieces"
                );
            }
            output.Write(buffer, 0, had);
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
            // It has ended by itself meanwhile, which is all that was wanted.
        }
    }

    private static InvalidFileException NoSound(string path, string errors)
    {
        var head = new byte[256];
        int had;
        using (var stream = InputFile.Open(path, "a recording"))
            had = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        // That a damaged recording is a recording helps nobody.
        if (
            InputFile.Recognize(head.AsSpan(0, had)) is { } other
            && !other.Found.EndsWith("recording", StringComparison.Ordinal)
        )
            return new(path, 0, other.Found, "a recording", other.Remedy);
        return new(
            path,
            null,
            $"nothing that ffmpeg can decode{(LastLine(errors) is { } line ? $" ({line})" : "")}",
            "a recording",
            "fetch the file again, or leave it out"
        );
    }

    private static string? LastLine(string errors) =>
        errors.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
}
