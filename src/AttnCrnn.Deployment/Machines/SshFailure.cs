using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment.Machines;

/// <summary>Explains ssh's own failures.</summary>
internal static class SshFailure
{
    private const int SshExitCode = 255;

    /// <param name="port">The port of --port, for suggested commands.</param>
    /// <param name="key">The file of --key, for suggested commands.</param>
    /// <param name="exitCode">The exit code of ssh, or of rsync over ssh.</param>
    /// <returns>null if the exit code is not a failure of ssh itself.</returns>
    public static RemoteException? Classify(string host, int? port, string? key, int exitCode, string error)
    {
        if (exitCode != SshExitCode)
            return null;
        var sshOptions =
            (port is null ? "" : $"-p {port} ") + (key is null ? "" : $"-i {ShellText.QuoteIfNeeded(key)} ");
        bool Mentions(string text) => error.Contains(text, StringComparison.OrdinalIgnoreCase);
        if (Mentions("IDENTIFICATION HAS CHANGED"))
        {
            var location = error
                .Split('\n')
                .Select(line => line.Trim())
                .FirstOrDefault(line => line.StartsWith("Offending", StringComparison.Ordinal))
                ?? "see ~/.ssh/known_hosts";
            return new(
                $"{host}: the host key differs from the known one ({location}): either the machine was reinstalled, "
                    + "or the connection is intercepted. Ask its administrator; if it was reinstalled: "
                    + $"ssh-keygen -R {FormatKnownHost(host, port)}"
            );
        }
        if (Mentions("Host key verification failed"))
            return new(
                $"{host}: the host key is unknown: connect once manually with ssh {sshOptions}{host}, "
                    + "and compare the fingerprint"
            );
        if (Mentions("Permission denied"))
            return new(
                OptionText.Create(
                    $"{host}: none of the offered keys was accepted ({FindLastLine(error)}): choose the right one "
                        + $"with {RemoteOptionKeys.Key}, or install yours with ssh-copy-id {sshOptions}{host}"
                )
            );
        if (Mentions("Could not resolve hostname"))
            return new(
                OptionText.Create(
                    $"{host}: unknown host name ({FindLastLine(error)}): check {RemoteOptionKeys.Host} "
                        + $"and ~/.ssh/config"
                )
            );
        if (Mentions("UNPROTECTED PRIVATE KEY"))
            return new(
                OptionText.Create(
                    $"{host}: ssh refuses a key that others can read: run chmod 600 on the file of "
                        + $"{RemoteOptionKeys.Key}"
                )
            );
        return new ConnectionLostException(
            $"{host}: the connection failed ({FindLastLine(error)}): check that the machine is up and its firewall "
                + $"allows ssh. Test it with: ssh {sshOptions}{host} true"
        );
    }

    private static string FindLastLine(string error) =>
        error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault()
        ?? "no error message";

    // The host's name in known_hosts.
    private static string FormatKnownHost(string host, int? port)
    {
        var hostName = host[(host.LastIndexOf('@') + 1)..];
        return port is null or 22 ? hostName : $"'[{hostName}]:{port}'";
    }
}
