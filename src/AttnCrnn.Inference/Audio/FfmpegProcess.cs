using System.Diagnostics;
using System.Text.RegularExpressions;
using AttnCrnn.IO;

namespace AttnCrnn.Audio;

/// <summary>
/// An ffmpeg process that decodes a file. Decoding is synchronous, since the caller needs the samples. A task reads the
/// messages of the process meanwhile; when it has ended, so has their pipe, and waiting for the task on the caller's
/// thread takes no longer than waiting for the process.
/// </summary>
internal sealed partial class FfmpegProcess : IDisposable
{
    private readonly Process process;
    private readonly Task<string> errors;
    private readonly CancellationTokenRegistration killer;
    private readonly string path;
    private readonly CancellationToken cancellationToken;

    private FfmpegProcess(Process process, string path, CancellationToken cancellationToken)
    {
        this.process = process;
        this.path = path;
        this.cancellationToken = cancellationToken;
        killer = cancellationToken.Register(Kill);
        errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        process.StandardInput.Close();
    }

    /// <summary>A WAV stream of float32 samples.</summary>
    public Stream Output => process.StandardOutput.BaseStream;

    /// <summary>Path of the ffmpeg executable, or null if it is not installed.</summary>
    public static string? Find() => SearchPath.Find("ffmpeg");

    /// <summary>Starts decoding.</summary>
    /// <param name="program">Path of ffmpeg.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">ffmpeg cannot be started.</exception>
    public static FfmpegProcess Start(string program, string path, CancellationToken cancellationToken) =>
        Start(
            program,
            path,
            ["-map", "0:a:0", "-vn", "-sn", "-dn", "-f", "wav", "-c:a", "pcm_f32le", "-bitexact", "pipe:1"],
            cancellationToken
        );

    /// <summary>Whether the file has a stream, whose content may be damaged.</summary>
    /// <param name="program">Path of ffmpeg.</param>
    /// <param name="path">The file.</param>
    /// <param name="stream">As the option <c>-map</c> of ffmpeg selects it.</param>
    public static bool HasStream(string program, string path, string stream, CancellationToken cancellationToken)
    {
        string[] output = ["-map", stream, "-c", "copy", "-t", "0.1", "-f", "null", "-"];
        using var process = Start(program, path, output, cancellationToken);
        process.Finish();
        return process.process.ExitCode == 0;
    }

    /// <summary>Waits for the end of the process, after its output has ended.</summary>
    /// <returns>What it wrote to its standard error, without the path of the file and the list of formats.</returns>
    /// <exception cref="OperationCanceledException">The caller canceled, which ended the process.</exception>
    public string Finish()
    {
        process.WaitForExit();
        cancellationToken.ThrowIfCancellationRequested();
        var messages = errors.GetAwaiter().GetResult();
        return Address()
            .Replace(messages, "]")
            .Replace("file:" + path, "the file", StringComparison.Ordinal)
            .Replace($"'{DecodableFormats.Demuxers}'", "of audio and video formats", StringComparison.Ordinal);
    }

    // "[mp3float @ 0x55c780cab040]": the address differs in each process.
    [GeneratedRegex(" @ 0x[0-9a-f]+\\]")]
    private static partial Regex Address();

    public void Dispose()
    {
        killer.Dispose();
        Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private static FfmpegProcess Start(
        string program,
        string path,
        string[] output,
        CancellationToken cancellationToken
    )
    {
        string[] input =
        [
            "-nostdin",
            "-v",
            "error",
            "-threads",
            "1",
            "-protocol_whitelist",
            DecodableFormats.Protocols,
            "-format_whitelist",
            DecodableFormats.Demuxers,
            "-i",
            // An existing file, never a URL such as http://… or concat:….
            "file:" + path,
        ];
        var start = new ProcessStartInfo(program, [.. input, .. output])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start)
            ?? throw new InvalidInputException("ffmpeg could not be started; check that it runs");
        return new(process, path, cancellationToken);
    }

    private void Kill()
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
}
