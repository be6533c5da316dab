using System.CommandLine;
using AttnCrnn.Remote;

namespace AttnCrnn.Cli.CommandLine;

/// <summary>The flags that say which machine and which session, the same for all commands that work on another machine.</summary>
internal sealed record RemoteFlags(Option<string?> To, Option<string?> Host, Option<int?> Port, Option<string?> Key, Option<string?> Dir, Option<string?> Name)
{
    /// <exception cref="UsageException">They are incomplete or contradict themselves.</exception>
    /// <exception cref="RemoteException">The machine's name, port or key, or the folder, cannot be used.</exception>
    public RemoteTarget Read(ParseResult given, DeploySettings settings)
    {
        var session = settings.Text(given, Name) ?? SessionName.Default;
        if (SessionName.Error(session) is { } fault) throw new UsageException(fault);
        var folder = RemoteFolder.Clean(settings.Text(given, Dir) ?? RemoteFolder.Default);
        var to = settings.Text(given, To) ?? "ssh";
        Machine machine = to switch
        {
            "ssh" => Ssh(given, settings),
            "local" => new LocalMachine(),
            "slurm" => settings.Text(given, Host) is null ? new LocalMachine() : Ssh(given, settings),
            _ => throw new UsageException($"--to {to}: expected ssh, local or slurm"),
        };
        return new(machine, to == "slurm" ? new SlurmKeeper() : new TmuxKeeper(), folder, session);
    }

    private RemoteHost Ssh(ParseResult given, DeploySettings settings) => new(
        settings.Text(given, Host) ?? throw new UsageException($"--host is missing: give it, set {DeploySettings.Prefix}HOST, or write {DeploySettings.FileName} with: attn-crnn deploy --init"),
        settings.Number(given, Port), settings.Text(given, Key) is { } key ? Home(key) : null);

    // In a file or a variable no shell has looked at it.
    private static string Home(string path) => path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..]) : path;
}

/// <summary>A session on a machine.</summary>
/// <param name="Folder">As <see cref="RemoteFolder.Clean"/> gives it.</param>
internal sealed record RemoteTarget(Machine Machine, IRunKeeper Keeper, string Folder, string Session)
{
    public RunQuery Query() => new(Machine, Keeper, Folder, Session);
}
