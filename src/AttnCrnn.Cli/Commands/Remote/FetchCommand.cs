using System.CommandLine;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Deployment.Transfer;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands.Remote;

/// <summary>Downloads the results, checkpoints and logs of a run.</summary>
internal sealed class FetchCommand : CliCommand
{
    private readonly Argument<string[]> names;
    private readonly RemoteFlags remote;

    public FetchCommand()
        : base(
            "fetch",
            "Download results, checkpoints and logs of a run, by default the latest, to the same folders here, "
                + "verified by hash."
        )
    {
        names = Arguments("RUN", "Run on the machine; by default that of the session, or the newest.", required: false);
        remote = RemoteFlags();
    }

    public override string WhenInterrupted =>
        "leaving; what was downloaded stays, and the same command resumes from it";

    public override int Run(ParseResult given, ConsoleOutput console, CancellationToken cancellationToken)
    {
        var target = remote.Read(given, DeploySettings.Read(Environment.CurrentDirectory));
        var name = given.GetValue(names) switch
        {
            [] => null,
            [var one] => Path.GetFileName(one.TrimEnd('/')),
            _ => throw new UsageException("give one run"),
        };
        Fetch(console, target, name, cancellationToken).GetAwaiter().GetResult();
        return ExitCode.Done;
    }

    /// <summary>Downloads a run into the working folder and reports the files.</summary>
    /// <param name="run">null: the latest.</param>
    public static async Task<FetchOutcome> Fetch(
        ConsoleOutput console,
        RemoteTarget target,
        string? run,
        CancellationToken cancellationToken
    )
    {
        var query = target.Query();
        run ??= await query.LatestAsync(cancellationToken);
        var fetch = new RunFetch(
            target.Machine,
            await query.FolderAsync(cancellationToken),
            Environment.CurrentDirectory,
            new StepReport(console, TimeProvider.System)
        );
        var outcome = await fetch.RunAsync(run, cancellationToken);
        var state = outcome.IsComplete ? "all verified by hash" : "while it is at work: fetch again when it has ended";
        console.Result($"fetched  {outcome.Run}: {outcome.Files} files, {outcome.Copied} of them new, {state}");
        var report = Path.Combine(RunFolders.Analysis, RunFolders.Latest, RunFolders.Report);
        if (File.Exists(report))
            console.Result($"report   {report}");
        return outcome;
    }
}
