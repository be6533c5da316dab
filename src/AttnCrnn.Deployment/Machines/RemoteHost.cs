using System.Globalization;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment.Machines;

/// <summary>
/// A machine reached by the system's own ssh, so that its configuration, keys, agent, jump hosts and known hosts hold here as well.
/// Nothing is ever asked: a host that wants a password is refused with a reason.
/// </summary>
public sealed class RemoteHost : Machine
{
    private const int ConnectSeconds = 10,
        AliveSeconds = 10,
        AliveCount = 3;

    private readonly string[] options;
    private readonly int? port;
    private readonly string? key;

    /// <summary>A machine by its name; nothing is asked of it yet.</summary>
    /// <param name="name">As ssh takes it: host, user@host, or a name from ~/.ssh/config.</param>
    /// <param name="port">Where ssh's configuration has none, or another.</param>
    /// <param name="key">The file of a private key.</param>
    /// <exception cref="RemoteException">The name could be taken for an option of ssh, or is empty; the port is none; there is no such key.</exception>
    public RemoteHost(string name, int? port = null, string? key = null)
        : this(name, port, key, []) { }

    /// <summary>As the public one.</summary>
    /// <param name="first">More of ssh's options, before all others: ssh takes the first word on anything.</param>
    internal RemoteHost(string name, int? port, string? key, string[] first)
    {
        if (name.Contains("://", StringComparison.Ordinal))
            throw new RemoteException(
                $"'{name}' is an address, and rsync takes none; expected host, user@host, or a name from ~/.ssh/config, and --port where it is another than ssh's"
            );
        if (name.Length == 0 || name[0] == '-' || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            throw new RemoteException(
                $"'{name}' is no name of a host; expected host, user@host, or a name from ~/.ssh/config"
            );
        if (port is < 1 or > 65535)
            throw new RemoteException($"--port {port}: expected 1 to 65535");
        if (key is not null && !File.Exists(key))
            throw new RemoteException($"--key {key}: no such file");
        Name = name;
        (this.port, this.key) = (port, key);
        string[] where = port is { } number ? ["-p", number.ToString(CultureInfo.InvariantCulture)] : [];
        string[] by = key is null ? [] : ["-i", Path.GetFullPath(key)];
        options =
        [
            .. first,
            .. where,
            .. by,
            "-o",
            "BatchMode=yes",
            "-o",
            $"ConnectTimeout={ConnectSeconds}",
            "-o",
            $"ServerAliveInterval={AliveSeconds}",
            "-o",
            $"ServerAliveCountMax={AliveCount}",
        ];
    }

    /// <summary>As ssh takes it.</summary>
    public override string Name { get; }

    internal override ProgramCall Shell => new("ssh", [.. options, "-T", "--", Name, "sh -s"]);

    // rsync splits this at spaces and knows quotes, which are doubled where they stand for themselves.
    internal override IReadOnlyList<string> RsyncOptions =>
        [
            "-e",
            string.Join(
                ' ',
                options
                    .Prepend("ssh")
                    .Select(word =>
                        word.All(c => c is not (' ' or '\'' or '"'))
                            ? word
                            : $"'{word.Replace("'", "''", StringComparison.Ordinal)}'"
                    )
            ),
        ];

    internal override string RsyncPath(string path) => $"{Name}:{path}";

    // The far side's shell joins the words again, so each is quoted for it.
    /// <inheritdoc/>
    public override ProgramCall Interactive(IReadOnlyList<string> command) =>
        new("ssh", [.. options, "-t", "--", Name, string.Join(' ', command.Select(ShellText.Quote))]);

    private protected override RemoteException? Unreachable(int exitCode, string error) =>
        SshFailure.Classify(Name, port, key, exitCode, error);
}
