using System.Globalization;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment.Machines;

/// <summary>
/// A machine reached by the system's ssh, with its configuration, keys, agent, jump hosts and known hosts. Never
/// interactive: a host that requires a password is an error, and settings for a person at a terminal are overridden.
/// </summary>
public sealed class RemoteHost : Machine
{
    private const int ConnectSeconds = 10;
    private const int KeepAliveSeconds = 10;
    private const int MaxMissedKeepAlives = 3;

    // What a host's configuration sets for a person at a terminal, and what ends or corrupts a call by a program: a
    // command in place of the program's, forwardings of ports that another connection holds, and a local command, whose
    // output would be taken for the machine's.
    private static readonly string[] Neutralized =
    [
        "-o",
        "RemoteCommand=none",
        "-o",
        "ClearAllForwardings=yes",
        "-o",
        "PermitLocalCommand=no",
    ];

    // A terminal on the machine would mix its own characters into scripts and transfers.
    private static readonly string[] NoTerminal = ["-o", "RequestTTY=no"];

    private readonly string[] options;
    private readonly int? port;
    private readonly string? key;

    /// <summary>A machine by its name; does not connect yet.</summary>
    /// <param name="name">host, user@host, or a name from ~/.ssh/config.</param>
    /// <param name="port">Overrides ssh's configuration.</param>
    /// <param name="key">Path of a private key.</param>
    /// <exception cref="RemoteException">
    /// The name is empty or could be parsed as an option of ssh, the port is invalid, or the key does not exist.
    /// </exception>
    public RemoteHost(string name, int? port = null, string? key = null)
        : this(name, port, key, []) { }

    /// <param name="leadingOptions">Options of ssh placed before all others: ssh uses the first value of each.</param>
    internal RemoteHost(string name, int? port, string? key, string[] leadingOptions)
    {
        if (name.Contains("://", StringComparison.Ordinal))
            throw new RemoteException(
                OptionText.Create(
                    $"'{name}' is a URL, which rsync does not accept; expected host, user@host, or a name from "
                        + $"~/.ssh/config, and {RemoteOptionKeys.Port} for a port other than ssh's"
                )
            );
        if (name.Length == 0 || name[0] == '-' || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            throw new RemoteException(
                $"'{name}' is not a valid host name; expected host, user@host, or a name from ~/.ssh/config"
            );
        if (port is < 1 or > 65535)
            throw new RemoteException(OptionText.Create($"{RemoteOptionKeys.Port} {port}: expected 1 to 65535"));
        if (key is not null && !File.Exists(key))
            throw new RemoteException(OptionText.Create($"{RemoteOptionKeys.Key} {key}: no such file"));
        Name = name;
        this.port = port;
        this.key = key;
        string[] portOption = port is { } number ? ["-p", number.ToString(CultureInfo.InvariantCulture)] : [];
        string[] keyOption = key is null ? [] : ["-i", Path.GetFullPath(key)];
        options =
        [
            .. leadingOptions,
            .. portOption,
            .. keyOption,
            .. Neutralized,
            "-o",
            "BatchMode=yes",
            "-o",
            $"ConnectTimeout={ConnectSeconds}",
            "-o",
            $"ServerAliveInterval={KeepAliveSeconds}",
            "-o",
            $"ServerAliveCountMax={MaxMissedKeepAlives}",
        ];
    }

    /// <inheritdoc/>
    public override string Name { get; }

    internal override ProgramCall Shell => new("ssh", [.. options, .. NoTerminal, "--", Name, "sh -s"]);

    // rsync splits this at spaces and supports quotes; a literal quote is doubled.
    internal override IReadOnlyList<string> RsyncOptions =>
        [
            "-e",
            string.Join(
                ' ',
                options
                    .Concat(NoTerminal)
                    .Prepend("ssh")
                    .Select(word =>
                        word.All(c => c is not (' ' or '\'' or '"'))
                            ? word
                            : $"'{word.Replace("'", "''", StringComparison.Ordinal)}'"
                    )
            ),
        ];

    internal override string FormatRsyncPath(string path) => $"{Name}:{path}";

    // ssh joins the words into one command line for the remote shell, so each is quoted.
    /// <inheritdoc/>
    public override ProgramCall CreateInteractiveCall(IReadOnlyList<string> command) =>
        new("ssh", [.. options, "-t", "--", Name, string.Join(' ', command.Select(ShellText.Quote))]);

    private protected override RemoteException? ClassifyConnectionFailure(int exitCode, string error) =>
        SshFailure.Classify(Name, port, key, exitCode, error);
}
