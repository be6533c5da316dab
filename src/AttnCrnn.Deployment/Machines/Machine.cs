using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment.Machines;

/// <summary>
/// A machine that runs POSIX shell scripts and receives files by rsync: a remote machine over ssh, or this machine.
/// </summary>
public abstract class Machine
{
    private const int InvalidRequestExitCode = 3;

    /// <summary>Display name, as chosen by the user.</summary>
    public abstract string Name { get; }

    /// <summary>The shell that reads a script from standard input.</summary>
    internal abstract ProgramCall Shell { get; }

    /// <summary>rsync's options to reach the machine.</summary>
    internal abstract IReadOnlyList<string> RsyncOptions { get; }

    /// <summary>A path on the machine, in rsync's syntax.</summary>
    internal abstract string FormatRsyncPath(string path);

    /// <summary>The call that runs a program on the machine in the user's terminal.</summary>
    public abstract ProgramCall CreateInteractiveCall(IReadOnlyList<string> command);

    /// <summary>
    /// The .NET runtime for framework-dependent programs; null if they are self-contained or find it themselves.
    /// </summary>
    internal virtual string? RuntimeFolder => null;

    /// <summary>The error of a <see cref="Shell"/>, or rsync over it, that could not reach the machine.</summary>
    /// <returns>null if the exit code is the script's own.</returns>
    private protected abstract RemoteException? ClassifyConnectionFailure(int exitCode, string error);

    /// <summary>Runs a script and returns its standard output.</summary>
    /// <exception cref="ConnectionLostException">The machine is currently unreachable.</exception>
    /// <exception cref="InvalidRemoteRequestException">The script ended with exit code 3.</exception>
    /// <exception cref="RemoteException">Access was denied, or the script failed.</exception>
    public async Task<string> RunAsync(Script script, CancellationToken cancellation = default)
    {
        await using var console = ChildProcess.Start(Shell);
        var output = console.ReadToEndAsync(cancellation);
        await console.SendAsync(script.Text, close: true, cancellation).ConfigureAwait(false);
        var text = await output.ConfigureAwait(false);
        var (code, error) = await console.EndAsync(cancellation).ConfigureAwait(false);
        if (code == 0)
            return text;
        // A shell without access, such as nologin, says so on standard output.
        var isSilent = error.Length == 0 && !string.IsNullOrWhiteSpace(text);
        throw CreateException(code, isSilent ? $"the shell printed {ShellOutput.QuoteFirstLine(text)}" : error);
    }

    internal RemoteException CreateException(int exitCode, string error) =>
        ClassifyConnectionFailure(exitCode, error)
        ?? (
            exitCode == InvalidRequestExitCode
                ? new InvalidRemoteRequestException($"{Name}: {JoinLines(error)}")
                : new RemoteException(
                    OptionText.Create($"{Name}: {Describe(exitCode, error)}{RemoteRemedy.Find(error) ?? ""}")
                )
        );

    private static string Describe(int exitCode, string error) =>
        error.Length > 0 ? JoinLines(error) : $"a remote script ended with exit code {exitCode}";

    internal static string JoinLines(string text) =>
        string.Join("; ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
