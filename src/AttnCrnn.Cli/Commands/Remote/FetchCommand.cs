using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Deployment.Transfer;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands.Remote;

/// <summary>Downloads the results, checkpoints and logs of a run.</summary>
internal sealed class FetchCommand : RemoteCommand<FetchSettings>
{
    public FetchCommand()
        : base(
            "fetch",
            "Download results, checkpoints and logs of a run, by default the latest, to the same folders on "
                + "this machine, verified by hash.",
            [],
            new("RUN", "Run on the machine; by default the run of the session, or the newest.", IsRequired: false)
        ) { }

    public override string InterruptMessage =>
        "interrupted; downloaded files are kept: run the same command again to continue";

    public override async Task<int> RunAsync(
        FetchSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        var target = settings.CreateTarget();
        var name = settings.Arguments switch
        {
            [] => null,
            [var argument] => Path.GetFileName(Path.TrimEndingDirectorySeparator(argument)),
            _ => throw new UsageException("expected one run"),
        };
        await FetchAsync(console, target, name, cancellationToken).ConfigureAwait(false);
        return ExitCode.Success;
    }

    /// <summary>Downloads a run into the working folder and reports the files.</summary>
    /// <param name="run">null: the latest.</param>
    public static async Task<FetchOutcome> FetchAsync(
        ConsoleOutput console,
        RemoteTarget target,
        string? run,
        CancellationToken cancellationToken
    )
    {
        var query = target.CreateQuery();
        run ??= await query.FindLatestAsync(cancellationToken);
        var fetch = new RunFetch(
            target.Machine,
            await query.GetFolderAsync(cancellationToken),
            Environment.CurrentDirectory,
            new StepReport(console, TimeProvider.System)
        );
        var outcome = await fetch.RunAsync(run, cancellationToken);
        var state = outcome.IsComplete
            ? "all verified by hash"
            : "the run is still running: fetch again after it has ended";
        console.WriteResultText(
            $"fetched  {outcome.Run}: {outcome.Files} files, {outcome.CopiedFiles} new or changed, {state}",
            indent: 9
        );
        var report = Path.Combine(RunFolders.Analysis, RunFolders.Latest, RunFolders.Report);
        if (File.Exists(report))
            console.WriteResult($"report   {report}");
        return outcome;
    }
}
