using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment.Machines;

/// <summary>A machine on which scripts of the POSIX shell run and to which rsync copies: another one by ssh, or this one.</summary>
public abstract class Machine
{
    private const int Refused = 3;

    /// <summary>As the user knows it.</summary>
    public abstract string Name { get; }

    /// <summary>The shell that reads a script from its input.</summary>
    internal abstract ProgramCall Shell { get; }

    /// <summary>rsync's options that lead it to the machine.</summary>
    internal abstract IReadOnlyList<string> RsyncOptions { get; }

    /// <summary>A path of the machine, as rsync wants it.</summary>
    internal abstract string RsyncPath(string path);

    /// <summary>A program that has the user's terminal, there.</summary>
    public abstract ProgramCall Interactive(IReadOnlyList<string> command);

    /// <summary>Where the runtime is that programs without one of their own need; null where they find it themselves.</summary>
    internal virtual string? RuntimeFolder => null;

    /// <summary>What it means that <see cref="Shell"/>, or rsync over it, could not reach the machine; null where an exit code is the script's own.</summary>
    private protected abstract RemoteException? Unreachable(int exitCode, string error);

    /// <summary>Runs a script there and gives what it printed.</summary>
    /// <exception cref="ConnectionLostException">The machine cannot be reached now.</exception>
    /// <exception cref="RemoteRefusedException">The script refused, with 3.</exception>
    /// <exception cref="RemoteException">It will not let us in, or the script ended with a fault.</exception>
    public async Task<string> RunAsync(Script script, CancellationToken cancellation = default)
    {
        await using var console = ChildProcess.Start(Shell);
        var printed = console.ReadToEndAsync(cancellation);
        await console.SendAsync(script.Text, close: true, cancellation).ConfigureAwait(false);
        var text = await printed.ConfigureAwait(false);
        var (code, error) = await console.EndAsync(cancellation).ConfigureAwait(false);
        return code == 0 ? text : throw Failure(code, error);
    }

    internal RemoteException Failure(int exitCode, string error) =>
        Unreachable(exitCode, error)
        ?? (
            exitCode == Refused
                ? new RemoteRefusedException($"{Name}: {OneLine(error)}")
                : new RemoteException(
                    $"{Name}: {(error.Length > 0 ? OneLine(error) : $"a script there ended with {exitCode}")}{RemoteRemedy.For(error)}"
                )
        );

    internal static string OneLine(string text) =>
        string.Join("; ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
