using System.CommandLine;
using System.Text;
using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Cli.Options;

/// <summary>The options that select machine and session, shared by all commands for remote runs.</summary>
internal sealed record RemoteOptions(
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
    public RemoteTarget Read(ParseResult parseResult, DeploySettings settings)
    {
        var session = settings.GetString(parseResult, Name) ?? SessionName.Default;
        if (SessionName.FindError(session) is { } error)
            throw new UsageException(error);
        var folder = RemoteFolder.Normalize(settings.GetString(parseResult, Dir) ?? RemoteFolder.Default);
        var target = settings.GetString(parseResult, Target) ?? "ssh";
        Machine machine = target switch
        {
            "ssh" => CreateSshHost(parseResult, settings),
            "local" => new LocalMachine(),
            "slurm" => settings.GetString(parseResult, Host) is null
                ? new LocalMachine()
                : CreateSshHost(parseResult, settings),
            _ => throw new UsageException($"--to {target}: expected ssh, local or slurm"),
        };
        var sshOption = new Option[] { Host, Port, Key }.FirstOrDefault(option =>
            parseResult.GetResult(option) is { Implicit: false }
        );
        if (target == "local" && sshOption is not null)
            throw new UsageException($"{sshOption.Name} cannot be used with --to local, which is this machine");
        return new(
            machine,
            target == "slurm" ? new SlurmJobRunner() : new TmuxJobRunner(),
            folder,
            session,
            FormatSelectionArguments(parseResult)
        );
    }

    // Only the options of the command line: environment variables and the file also apply to the command that the user
    // copies.
    private string FormatSelectionArguments(ParseResult parseResult)
    {
        var arguments = new StringBuilder();
        foreach (var option in (Option[])[Target, Host, Port, Key, Dir, Name])
            if (parseResult.GetResult(option) is { Implicit: false, Tokens: [{ Value.Length: > 0 } token] })
                arguments.Append(' ').Append(new ProgramCall(option.Name, [token.Value]));
        return arguments.ToString();
    }

    private RemoteHost CreateSshHost(ParseResult parseResult, DeploySettings settings) =>
        new(
            settings.GetString(parseResult, Host)
                ?? throw new UsageException(
                    $"--host is missing: add it, set {DeploySettings.Prefix}HOST, "
                        + $"or write {DeploySettings.FileName} with: attn-crnn deploy --init"
                ),
            settings.GetInt32(parseResult, Port),
            settings.GetString(parseResult, Key) is { } key ? ExpandHome(key) : null
        );

    // The shell does not expand ~ in the file or in environment variables.
    private static string ExpandHome(string path) =>
        path.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..])
            : path;
}

/// <summary>A session on a machine.</summary>
/// <param name="Folder">As returned by <see cref="RemoteFolder.Normalize"/>.</param>
/// <param name="SelectionArguments">
/// The options that select the session, each preceded by a space, for the text of another command.
/// </param>
internal sealed record RemoteTarget(
    Machine Machine,
    IJobRunner JobRunner,
    string Folder,
    string Session,
    string SelectionArguments
)
{
    public RunQuery CreateQuery() => new(Machine, JobRunner, Folder, Session);
}
