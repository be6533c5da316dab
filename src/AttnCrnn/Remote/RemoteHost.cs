using System.ComponentModel;
using System.Diagnostics;

namespace AttnCrnn.Remote;

/// <summary>
/// A machine reached by the system's own ssh, so that its configuration, keys, agent and known hosts hold here as well.
/// Nothing is ever asked: a host that wants a password is refused with a reason.
/// </summary>
public sealed class RemoteHost
{
    private const int ConnectSeconds = 10;
    private const int SshOwnFailure = 255;
    private readonly string[] options;

    /// <param name="name">As ssh takes it: host, user@host, or a name from ~/.ssh/config.</param>
    /// <exception cref="RemoteException">The name could be taken for an option of ssh, or is empty.</exception>
    public RemoteHost(string name)
        : this(name, [])
    {
    }

    internal RemoteHost(string name, string[] options)
    {
        if (name.Length == 0 || name[0] == '-' || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            throw new RemoteException($"'{name}' is no name of a host; expected host, user@host, or a name from ~/.ssh/config");
        }
        Name = name;
        this.options = options;
    }

    /// <summary>As ssh takes it.</summary>
    public string Name { get; }

    /// <summary>Runs a script of the POSIX shell there and gives what it printed.</summary>
    /// <param name="script">Sent on standard input, so that no quoting stands between it and the shell.</param>
    /// <exception cref="RemoteException">ssh is missing, the host cannot be reached, or the script ended with a fault.</exception>
    public async Task<string> RunAsync(string script, CancellationToken cancellation = default)
    {
        using var ssh = Start();
        try
        {
            var printed = ssh.StandardOutput.ReadToEndAsync(cancellation);
            var complaints = ssh.StandardError.ReadToEndAsync(cancellation);
            await Send(ssh, script, cancellation).ConfigureAwait(false);
            await ssh.WaitForExitAsync(cancellation).ConfigureAwait(false);
            if (ssh.ExitCode != 0) throw Failure(ssh.ExitCode, (await complaints.ConfigureAwait(false)).Trim());
            return await printed.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            ssh.Kill(entireProcessTree: true);
            throw;
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo("ssh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments = [.. options, "-T", "-o", "BatchMode=yes", "-o", $"ConnectTimeout={ConnectSeconds}", "--", Name, "sh -s"];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            return Process.Start(start) ?? throw new RemoteException("ssh did not start");
        }
        catch (Win32Exception)
        {
            throw new RemoteException("ssh is not installed; get it with: sudo apt-get install openssh-client (Fedora: openssh-clients)");
        }
    }

    // A host that cannot be reached closes the pipe before the script is written: its exit code tells that better.
    private static async Task Send(Process ssh, string script, CancellationToken cancellation)
    {
        try
        {
            await ssh.StandardInput.WriteAsync(script.AsMemory(), cancellation).ConfigureAwait(false);
            ssh.StandardInput.Close();
        }
        catch (IOException)
        {
            await ssh.WaitForExitAsync(cancellation).ConfigureAwait(false);
            if (ssh.ExitCode == 0) throw;
        }
    }

    private RemoteException Failure(int exitCode, string complaint)
    {
        if (exitCode != SshOwnFailure) return new RemoteException($"{Name}: the script there ended with {exitCode}: {complaint}");
        var remedy = complaint.Contains("Permission denied", StringComparison.Ordinal)
            ? $"set up a key that needs no password: ssh-copy-id {Name}"
            : complaint.Contains("Host key verification", StringComparison.Ordinal)
                ? $"its key is not known here: connect once by hand with ssh {Name}, and compare the fingerprint"
                : $"try by hand: ssh {Name} true";
        return new RemoteException($"{Name}: ssh could not connect ({complaint}); {remedy}");
    }
}
