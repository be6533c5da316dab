using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace AttnCrnn.Deployment.Scripts;

/// <summary>A child process that ends with this one.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private static readonly TimeSpan ErrorTimeout = TimeSpan.FromSeconds(3);

    private readonly Process process;
    private readonly Task<string> errorOutput;

    private ChildProcess(Process process)
    {
        this.process = process;
        errorOutput = process.StandardError.ReadToEndAsync();
    }

    public Stream Output => process.StandardOutput.BaseStream;

    /// <exception cref="RemoteException">The program is not installed.</exception>
    public static ChildProcess Start(ProgramCall command, IReadOnlyDictionary<string, string>? variables = null)
    {
        var start = new ProcessStartInfo(command.Program, command.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Utf8,
            StandardOutputEncoding = Utf8,
            StandardErrorEncoding = Utf8,
        };
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        try
        {
            return new(Process.Start(start) ?? throw new RemoteException($"{command.Program} could not be started"));
        }
        catch (Win32Exception)
        {
            var package = command.Program == "ssh" ? "openssh-client (Fedora: openssh-clients)" : command.Program;
            throw new RemoteException(
                $"{command.Program} is not installed on this machine; install it with: sudo apt-get install {package}"
            );
        }
    }

    /// <summary>
    /// Writes to standard input. Ignores a broken pipe: the exit code of a process that ended early tells the cause.
    /// </summary>
    public async Task SendAsync(string text, bool close, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.WriteAsync(text.AsMemory(), cancellation).ConfigureAwait(false);
            await process.StandardInput.FlushAsync(cancellation).ConfigureAwait(false);
            if (close)
                process.StandardInput.Close();
        }
        catch (IOException) { }
    }

    /// <summary>Reads the remaining standard output.</summary>
    public Task<string> ReadToEndAsync(CancellationToken cancellation) =>
        process.StandardOutput.ReadToEndAsync(cancellation);

    public Task<string?> ReadLineAsync(CancellationToken cancellation) =>
        process.StandardOutput.ReadLineAsync(cancellation).AsTask();

    /// <returns>The exit code and the standard error output.</returns>
    public async Task<(int Code, string Error)> EndAsync(CancellationToken cancellation)
    {
        await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        // A surviving child (ssh's shared connection) may keep the pipe open without writing to it.
        var error =
            await Task.WhenAny(errorOutput, Task.Delay(ErrorTimeout, cancellation)).ConfigureAwait(false) == errorOutput
                ? await errorOutput.ConfigureAwait(false)
                : "";
        return (process.ExitCode, error.Trim());
    }

    /// <summary>Kills a process that is still running, with its children.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync().ConfigureAwait(false);
        process.Dispose();
    }
}
