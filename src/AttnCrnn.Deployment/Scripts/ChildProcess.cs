using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace AttnCrnn.Deployment.Scripts;

/// <summary>A program that runs beside this one and ends with it.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private static readonly TimeSpan ComplaintWait = TimeSpan.FromSeconds(3);

    private readonly Process process;
    private readonly Task<string> complaints;

    private ChildProcess(Process process)
    {
        this.process = process;
        complaints = process.StandardError.ReadToEndAsync();
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
            return new(Process.Start(start) ?? throw new RemoteException($"{command.Program} did not start"));
        }
        catch (Win32Exception)
        {
            var package = command.Program == "ssh" ? "openssh-client (Fedora: openssh-clients)" : command.Program;
            throw new RemoteException(
                $"{command.Program} is not installed here; get it with: sudo apt-get install {package}"
            );
        }
    }

    /// <summary>Gives the program its input. One that ends before it has read all of it tells why by its exit code, and not by a broken pipe here.</summary>
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

    /// <summary>All that the program still prints.</summary>
    public Task<string> ReadToEndAsync(CancellationToken cancellation) =>
        process.StandardOutput.ReadToEndAsync(cancellation);

    public Task<string?> ReadLineAsync(CancellationToken cancellation) =>
        process.StandardOutput.ReadLineAsync(cancellation).AsTask();

    /// <returns>The exit code, and what the program said on its standard error.</returns>
    public async Task<(int Code, string Complaint)> EndAsync(CancellationToken cancellation)
    {
        await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        // A child that it left behind (ssh's shared connection) may hold the pipe open, and has nothing to say.
        var said =
            await Task.WhenAny(complaints, Task.Delay(ComplaintWait, cancellation)).ConfigureAwait(false) == complaints
                ? await complaints.ConfigureAwait(false)
                : "";
        return (process.ExitCode, said.Trim());
    }

    /// <summary>A program that is still running is ended, with its children.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync().ConfigureAwait(false);
        process.Dispose();
    }
}
