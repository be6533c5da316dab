using AttnCrnn.Cli.Terminal;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Machines;

namespace AttnCrnn.Cli.Options;

/// <summary>A session on a machine.</summary>
/// <param name="Folder">As returned by <see cref="RemoteFolder.Normalize"/>.</param>
/// <param name="SelectionArguments">The options that select the session, for other commands.</param>
internal sealed record RemoteTarget(
    Machine Machine,
    IJobRunner JobRunner,
    string Folder,
    string Session,
    IReadOnlyList<string> SelectionArguments
)
{
    /// <summary>A command for the session, to be pasted into a shell in the current folder.</summary>
    public string FormatCommand(params IEnumerable<string> arguments) =>
        PrintedCommand.Format([.. arguments, .. SelectionArguments]);

    public RunQuery CreateQuery() => new(Machine, JobRunner, Folder, Session);
}
