using System.CommandLine;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Transfer;

namespace AttnCrnn.Cli.Commands;

/// <summary>Brings a run's results, checkpoints and logs here.</summary>
internal sealed class FetchCommand : CliCommand
{
    private readonly Argument<string[]> names;
    private readonly RemoteFlags remote;

    public FetchCommand()
        : base(
            "fetch",
            "Copies results, checkpoints and logs of a run (by default the latest) to the same folders here, verified by hash."
        )
    {
        names = Arguments("RUN", "a run there; by default the session's, or the newest", required: false);
        remote = RemoteFlags();
    }

    public override string WhenInterrupted => "leaving; what has come stays, and the same command goes on from it";

    public override int Run(ParseResult given, ConsoleOutput console, CancellationToken cancellationToken)
    {
        var target = remote.Read(given, DeploySettings.Read(Environment.CurrentDirectory));
        var name = given.GetValue(names) switch
        {
            [] => null,
            [var one] => Path.GetFileName(one.TrimEnd('/')),
            _ => throw new UsageException("name one run"),
        };
        Fetch(console, target, name, cancellationToken).GetAwaiter().GetResult();
        return ExitCode.Done;
    }

    /// <summary>Fetches into the working folder and says what came.</summary>
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
        console.Result(
            $"fetched  {outcome.Run}: {outcome.Files} files, {outcome.Brought} of them new, {(outcome.IsWhole ? "all verified by hash" : "while it is at work: fetch again when it has ended")}"
        );
        var report = Path.Combine("analysis_results", "latest", "report.html");
        if (File.Exists(report))
            console.Result($"report   {report}");
        return outcome;
    }
}
