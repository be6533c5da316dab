using System.Diagnostics;
using AttnCrnn.IO;

namespace AttnCrnn.Audio;

/// <summary>
/// An ffmpeg process that decodes a recording: a file, or a stream through its standard input. Decoding is synchronous,
/// since the caller needs the samples. Two tasks serve the other pipes of the process meanwhile; when it has ended, so
/// have the pipes, and waiting for the tasks on the caller's thread takes no longer than waiting for the process.
/// </summary>
internal sealed class FfmpegProcess : IDisposable
{
    private readonly Process process;
    private readonly Task<string> errors;
    private readonly Task feeding;
    private readonly CancellationTokenRegistration killer;
    private readonly AudioInput input;
    private readonly CancellationToken cancellationToken;

    private FfmpegProcess(Process process, AudioInput input, CancellationToken cancellationToken)
    {
        this.process = process;
        this.input = input;
        this.cancellationToken = cancellationToken;
        killer = cancellationToken.Register(Kill);
        errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        feeding = input.Path is null ? StartFeeding(input.Stream) : Task.CompletedTask;
        if (input.Path is not null)
            process.StandardInput.Close();
    }

    /// <summary>A WAV stream of float32 samples.</summary>
    public Stream Output => process.StandardOutput.BaseStream;

    /// <summary>Path of the ffmpeg executable, or null if it is not installed.</summary>
    public static string? Find() => SearchPath.Find("ffmpeg");

    /// <summary>Starts decoding.</summary>
    /// <exception cref="InvalidInputException">ffmpeg is not installed.</exception>
    public static FfmpegProcess Start(AudioInput input, CancellationToken cancellationToken)
    {
        var program = Find()
            ?? throw new InvalidInputException(
                input.Name,
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
            // An existing file, never a URL such as http://… or concat:….
            input.Path
                is { } path
                ? "file:" + path
                : "pipe:0",
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
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start)
            ?? throw new InvalidInputException(input.Name, "ffmpeg could not be started; check that it runs");
        return new(process, input, cancellationToken);
    }

    /// <summary>Waits for the end of the process, after its output has ended.</summary>
    /// <returns>What it wrote to its standard error, without the path of the file.</returns>
    /// <exception cref="OperationCanceledException">The caller canceled, which ended the process.</exception>
    public string Finish()
    {
        process.WaitForExit();
        feeding.GetAwaiter().GetResult();
        cancellationToken.ThrowIfCancellationRequested();
        var messages = errors.GetAwaiter().GetResult();
        return input.Path is { } path
            ? messages.Replace("file:" + path, "the file", StringComparison.Ordinal)
            : messages;
    }

    public void Dispose()
    {
        killer.Dispose();
        Kill();
        process.WaitForExit();
        // The stream belongs to the caller again.
        feeding.GetAwaiter().GetResult();
        process.Dispose();
    }

    // On a thread of its own: the thread pool of a busy service may have none.
    private Task StartFeeding(Stream stream) =>
        Task.Factory.StartNew(
            () => Feed(stream),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    private void Feed(Stream stream)
    {
        try
        {
            using var pipe = process.StandardInput.BaseStream;
            stream.CopyTo(pipe);
        }
        catch (IOException)
        {
            // ffmpeg has stopped reading: it has what it needs, or reports an error.
        }
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
