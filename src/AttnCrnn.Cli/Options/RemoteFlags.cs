using System.CommandLine;
using System.Text;
using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Cli.Options;

/// <summary>The options that select machine and session, shared by all commands for remote runs.</summary>
internal sealed record RemoteFlags(
    Option<string?> Target,
    Option<string?> Host,
    Option<int?> Port,
    Option<string?> Key,
    Option<string?> Dir,
    Option<string?> Name
)
{
    /// <exception cref="UsageException">They are incomplete or contradictory.</exception>
    /// <exception cref="RemoteException">The machine's name, port, key or folder is invalid.</exception>
    public RemoteTarget Read(ParseResult given, DeploySettings settings)
    {
        var session = settings.Text(given, Name) ?? SessionName.Default;
        if (SessionName.Error(session) is { } fault)
            throw new UsageException(fault);
        var folder = RemoteFolder.Clean(settings.Text(given, Dir) ?? RemoteFolder.Default);
        var target = settings.Text(given, Target) ?? "ssh";
        Machine machine = target switch
        {
            "ssh" => Ssh(given, settings),
            "local" => new LocalMachine(),
            "slurm" => settings.Text(given, Host) is null ? new LocalMachine() : Ssh(given, settings),
            _ => throw new UsageException($"--to {target}: expected ssh, local or slurm"),
        };
        var sshOption = new Option[] { Host, Port, Key }.FirstOrDefault(option =>
            given.GetResult(option) is { Implicit: false }
        );
        if (target == "local" && sshOption is not null)
            throw new UsageException($"{sshOption.Name} cannot be used with --to local, which is this machine");
        return new(
            machine,
            target == "slurm" ? new SlurmJobRunner() : new TmuxJobRunner(),
            folder,
            session,
            Same(given)
        );
    }

    // The given options, for a command that the user copies; variables and the file apply to it anyway.
    private string Same(ParseResult given)
    {
        var same = new StringBuilder();
        foreach (var option in (Option[])[Target, Host, Port, Key, Dir, Name])
            if (given.GetResult(option) is { Implicit: false, Tokens: [{ Value.Length: > 0 } token] })
                same.Append(' ').Append(new ProgramCall(option.Name, [token.Value]));
        return same.ToString();
    }

    private RemoteHost Ssh(ParseResult given, DeploySettings settings) =>
        new(
            settings.Text(given, Host)
                ?? throw new UsageException(
                    $"--host is missing: give it, set {DeploySettings.Prefix}HOST, "
                        + $"or write {DeploySettings.FileName} with: attn-crnn deploy --init"
                ),
            settings.Number(given, Port),
            settings.Text(given, Key) is { } key ? ExpandHome(key) : null
        );

    // No shell has expanded the value of a file or a variable.
    private static string ExpandHome(string path) =>
        path.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..])
            : path;
}

/// <summary>A session on a machine.</summary>
/// <param name="Folder">As returned by <see cref="RemoteFolder.Clean"/>.</param>
/// <param name="Same">The options that select it, each after a blank, to be repeated in another command.</param>
internal sealed record RemoteTarget(Machine Machine, IJobRunner JobRunner, string Folder, string Session, string Same)
{
    public RunQuery Query() => new(Machine, JobRunner, Folder, Session);
}
