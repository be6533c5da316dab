using AttnCrnn.Cli.Terminal;
using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Options;

namespace AttnCrnn.Cli.Options;

/// <summary>The settings that select machine and session, shared by all commands for remote runs.</summary>
internal abstract record RemoteSettings : CommandSettings
{
    private static readonly OptionKey[] SelectionKeys =
    [
        RemoteOptionKeys.Kind,
        RemoteOptionKeys.Host,
        RemoteOptionKeys.Port,
        RemoteOptionKeys.Key,
        RemoteOptionKeys.Dir,
        RemoteOptionKeys.Name,
    ];

    /// <summary>Where the run is.</summary>
    public RemoteKind Kind { get; init; }

    /// <summary>HOST, USER@HOST, or a name from ~/.ssh/config.</summary>
    public string? Host { get; init; }

    /// <summary>Port of ssh.</summary>
    public int? Port { get; init; }

    /// <summary>Private key file.</summary>
    public string? Key { get; init; }

    /// <summary>Working folder on the machine.</summary>
    public string Dir { get; init; } = RemoteFolder.Default;

    /// <summary>Name of the session.</summary>
    public string Name { get; init; } = SessionName.Default;

    /// <summary>The options of the command line, without those of environment and file.</summary>
    public OptionValues CommandLine { get; init; } = new();

    /// <summary>The file of the working folder.</summary>
    public DeploySettings File { get; init; } = DeploySettings.Empty;

    /// <summary>The options that select machine and session.</summary>
    public static IEnumerable<OptionDefinition<TSettings>> CreateSelectionOptions<TSettings>()
        where TSettings : RemoteSettings, new() =>
        [
            new OptionDefinition<TSettings, RemoteKind>(
                RemoteOptionKeys.Kind,
                OptionTypes.Choice(("ssh", RemoteKind.Ssh), ("local", RemoteKind.Local), ("slurm", RemoteKind.Slurm)),
                settings => settings.Kind,
                (settings, value) => (TSettings)((RemoteSettings)settings with { Kind = value })
            )
            {
                Group = OptionGroups.Machine,
                ValueName = "KIND",
                Help =
                    "Select where the run is: ssh, on a host; local, on this machine; or slurm, on the cluster of the "
                    + "host or of this machine.",
                Probe = new("local", OptionEffect.Outcome),
            },
            new OptionDefinition<TSettings, string?>(
                RemoteOptionKeys.Host,
                OptionTypes.Text,
                settings => settings.Host,
                (settings, value) => (TSettings)((RemoteSettings)settings with { Host = value })
            )
            {
                Group = OptionGroups.Machine,
                ValueName = "HOST",
                Help = "Connect to this host: HOST, USER@HOST, or a name from ~/.ssh/config.",
                Probe = new("host", OptionEffect.Outcome),
            },
            new OptionDefinition<TSettings, int?>(
                RemoteOptionKeys.Port,
                OptionTypes.Optional(OptionTypes.WholeNumber),
                settings => settings.Port,
                (settings, value) => (TSettings)((RemoteSettings)settings with { Port = value })
            )
            {
                Group = OptionGroups.Machine,
                ValueName = "N",
                Range = OptionRange.Between(1, 65535),
                DefaultText = "as configured for ssh",
                Help = "Connect to this port of the host.",
                Probe = new("1", OptionEffect.Outcome),
            },
            new OptionDefinition<TSettings, string?>(
                RemoteOptionKeys.Key,
                OptionTypes.Text,
                settings => settings.Key,
                (settings, value) => (TSettings)((RemoteSettings)settings with { Key = value })
            )
            {
                Group = OptionGroups.Machine,
                ValueName = "FILE",
                DefaultText = "from ssh's configuration or agent",
                Help = "Authenticate with this private key file.",
                Probe = new("key", OptionEffect.Outcome),
            },
            new OptionDefinition<TSettings, string?>(
                RemoteOptionKeys.Dir,
                OptionTypes.Text,
                settings => settings.Dir,
                (settings, value) => (TSettings)((RemoteSettings)settings with { Dir = value! })
            )
            {
                Group = OptionGroups.Machine,
                ValueName = "DIR",
                Help = "Work in this folder of the machine, absolute or relative to the home folder.",
                Probe = new("other", OptionEffect.Outcome),
            },
            new OptionDefinition<TSettings, string?>(
                RemoteOptionKeys.Name,
                OptionTypes.Text,
                settings => settings.Name,
                (settings, value) => (TSettings)((RemoteSettings)settings with { Name = value! })
            )
            {
                Group = OptionGroups.Machine,
                ValueName = "NAME",
                Help = "Name the session.",
                Probe = new("other", OptionEffect.Outcome),
            },
        ];

    /// <exception cref="UsageException">The settings are incomplete or contradictory.</exception>
    /// <exception cref="RemoteException">The machine's name, port, key or folder is invalid.</exception>
    public RemoteTarget CreateTarget()
    {
        if (SessionName.FindError(Name) is { } error)
            throw new UsageException(error.Format(OptionParser.FormatKey));
        var folder = RemoteFolder.Normalize(Dir);
        Machine machine = Kind switch
        {
            RemoteKind.Local => new LocalMachine(),
            RemoteKind.Slurm when Host is null => new LocalMachine(),
            _ => CreateSshHost(),
        };
        OptionKey[] sshKeys = [RemoteOptionKeys.Host, RemoteOptionKeys.Port, RemoteOptionKeys.Key];
        foreach (var key in sshKeys.Where(key => Kind == RemoteKind.Local && CommandLine.Contains(key)))
            throw new UsageException(
                $"{OptionParser.FormatKey(key.Name)} cannot be used with --to local, which is this machine"
            );
        return new(
            machine,
            Kind == RemoteKind.Slurm ? new SlurmJobRunner() : new TmuxJobRunner(),
            folder,
            Name,
            GetSelectionArguments()
        );
    }

    // Only the options of the command line: environment variables and the file also apply to the command that the user
    // copies.
    private string[] GetSelectionArguments() =>
        [
            .. SelectionKeys.SelectMany(key =>
                CommandLine.Find(key) is [{ Length: > 0 } value]
                    ? (string[])[OptionParser.FormatKey(key.Name), value]
                    : []
            ),
        ];

    private RemoteHost CreateSshHost() =>
        new(
            Host
                ?? throw new UsageException(
                    $"--host is missing: add it, set {DeploySettings.Prefix}HOST, "
                        + $"or write {DeploySettings.FileName} with\n{PrintedCommand.Format("deploy", "--init")}"
                ),
            Port,
            Key is { } key ? ExpandHome(key) : null
        );

    // The shell does not expand ~ in the file or in environment variables.
    private static string ExpandHome(string path) =>
        path.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..])
            : path;
}
