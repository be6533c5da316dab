using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment.Machines;

/// <summary>What ssh's own failures mean, and what to do.</summary>
internal static class SshFailure
{
    private const int OwnFailure = 255;

    /// <summary>null where the exit code is no failure of ssh.</summary>
    /// <param name="host">As ssh takes it.</param>
    /// <param name="port">Where the user named one; what is to be typed by hand names it too, and <paramref name="key"/>.</param>
    /// <param name="exitCode">Of ssh, or of rsync over it.</param>
    public static RemoteException? Classify(string host, int? port, string? key, int exitCode, string error)
    {
        if (exitCode != OwnFailure)
            return null;
        var flags = (port is null ? "" : $"-p {port} ") + (key is null ? "" : $"-i {ShellText.Word(key)} ");
        bool Says(string text) => error.Contains(text, StringComparison.OrdinalIgnoreCase);
        if (Says("IDENTIFICATION HAS CHANGED"))
        {
            var where = error
                .Split('\n')
                .Select(line => line.Trim())
                .FirstOrDefault(line => line.StartsWith("Offending", StringComparison.Ordinal))
                ?? "see ~/.ssh/known_hosts";
            return new(
                $"{host}: its host key is not the one that is known here ({where}): either the machine was made anew, or somebody stands between. Ask who runs it; if it was made anew: ssh-keygen -R {KnownName(host, port)}"
            );
        }
        if (Says("Host key verification failed"))
            return new(
                $"{host}: its host key is not known here: connect once by hand with ssh {flags}{host}, and compare the fingerprint"
            );
        if (Says("Permission denied"))
            return new(
                $"{host}: it takes none of the keys it was offered ({Last(error)}): name the right one with --key, or put yours there with ssh-copy-id {flags}{host}"
            );
        if (Says("Could not resolve hostname"))
            return new(
                $"{host}: no machine of that name is known ({Last(error)}): look at --host, or at ~/.ssh/config"
            );
        if (Says("UNPROTECTED PRIVATE KEY"))
            return new($"{host}: ssh does not use a key that others can read: chmod 600 the file of --key");
        return new ConnectionLostException(
            $"{host}: the connection failed ({Last(error)}): is the machine up, and does its firewall let you in? Try by hand: ssh {flags}{host} true"
        );
    }

    private static string Last(string error) =>
        error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault()
        ?? "without a word";

    // As known_hosts has it.
    private static string KnownName(string host, int? port)
    {
        var bare = host[(host.LastIndexOf('@') + 1)..];
        return port is null or 22 ? bare : $"'[{bare}]:{port}'";
    }
}
