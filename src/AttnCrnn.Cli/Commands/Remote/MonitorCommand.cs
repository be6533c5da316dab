using System.CommandLine;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Monitoring;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands.Remote;

/// <summary>Shows the state of a run on another machine, and follows its log.</summary>
internal sealed class MonitorCommand : CliCommand
{
    private const int LastLines = 50;
    private const int MaxFetchRetries = 6; // within a minute

    private readonly RemoteFlags remote;
    private readonly Option<bool> lines;
    private readonly Option<bool> live;
    private readonly Option<bool> json;

    public MonitorCommand()
        : base("monitor", "Show the state of a run on another machine and the last 50 lines of its log.")
    {
        remote = RemoteFlags();
        lines = Flag("--lines", "Show only the last 50 lines of the log.", false);
        lines.Aliases.Add("-l");
        live = Flag(
            "--continuous",
            "Follow the log to the end of the run, fetch the results, and exit with the run's exit code.",
            false
        );
        live.Aliases.Add("-c");
        json = Flag("--json", "Print one JSON object.", false);
    }

    public override string WhenInterrupted => ""; // the last message covers it

    public override int Run(ParseResult given, ConsoleOutput console, CancellationToken cancellationToken)
    {
        if (new[] { lines, live, json }.Count(given.GetValue) > 1)
            throw new UsageException("-l, -c and --json: choose one");
        var target = remote.Read(given, DeploySettings.Read(Environment.CurrentDirectory));
        return given.GetValue(live)
            ? FollowAsync(console, target, cancellationToken).GetAwaiter().GetResult()
            : Show(given, console, target, cancellationToken);
    }

    private int Show(ParseResult given, ConsoleOutput console, RemoteTarget target, CancellationToken cancellationToken)
    {
        var status = target.Query().StatusAsync(LastLines, cancellationToken).GetAwaiter().GetResult();
        if (given.GetValue(json))
            console.Result(StatusJson.Text(status, target));
        else if (given.GetValue(lines))
            foreach (var line in status.LastLines)
                console.Result(line);
        else
            foreach (var line in StatusView.Lines(status, target, console.Width))
                console.Result(line);
        return ExitCode.Done;
    }

    private static async Task<int> FollowAsync(
        ConsoleOutput console,
        RemoteTarget target,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var query = target.Query();
            var connection = new Reconnection(console.Info, TimeProvider.System);
            // A host that never answered may be misspelled; one that did, now or in an earlier call, is retried.
            var status = await connection.RunAsync(
                () => query.StatusAsync(1, cancellationToken),
                cancellationToken,
                _ => query.WasAnswered || HasShownLog()
            );
            if (status.Run is not { } run)
                throw new InvalidRemoteRequestException(
                    $"{target.Machine.Name}: nothing was deployed under the name {target.Session}; "
                        + "start a run with: attn-crnn deploy"
                );
            using var shown = new LogCursor(Path.Combine(RunFolders.Logs, run));
            foreach (var note in status.Notes)
                console.Info(note);
            var start = shown.Length > 0 ? ", after the lines that were shown before" : "";
            var title = $"{run} on {target.Machine.Name}{start}; Ctrl-C does not stop the run";
            foreach (var line in LogText.Wrap(title, console.Width ?? int.MaxValue, 0))
                console.Info(line);
            var view = new LiveView(console);
            var follower = new LogFollower(
                target.Machine,
                target.JobRunner,
                await query.FolderAsync(cancellationToken),
                target.Session,
                run,
                shown,
                connection
            )
            {
                Line = view.Show,
                Report = console.Info,
            };
            var code = await follower.RunAsync(cancellationToken);
            return await EndAsync(console, target, connection, run, code, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            throw new InterruptedException("the run goes on there; the same command shows the following lines");
        }
    }

    private static bool HasShownLog() =>
        Directory.Exists(RunFolders.Logs)
        && Directory
            .EnumerateDirectories(RunFolders.Logs)
            .Any(folder => File.Exists(Path.Combine(folder, LogCursor.FileName)));

    private static async Task<int> EndAsync(
        ConsoleOutput console,
        RemoteTarget target,
        Reconnection connection,
        string run,
        int? code,
        CancellationToken cancellationToken
    )
    {
        // The reason of a cluster, as far as the job runner knows it.
        if (code is null)
            foreach (
                var note in (
                    await connection.RunAsync(() => target.Query().StatusAsync(1, cancellationToken), cancellationToken)
                ).Notes
            )
                console.Info(note);
        console.Info(
            code is null
                ? $"{run} is gone without an exit code, as after a restart of the machine: "
                    + $"resume it with  attn-crnn deploy --resume {run}{target.Same}"
                : $"{run} ended with {code}"
        );
        try
        {
            await connection.RunAsync(
                () => FetchCommand.Fetch(console, target, run, cancellationToken),
                cancellationToken,
                failures => failures <= MaxFetchRetries
            );
        }
        catch (RemoteException fault)
        {
            console.Error($"{fault.Message}; the results are still on the machine: attn-crnn fetch {run}{target.Same}");
            return code is null or ExitCode.Done ? ExitCode.Failed : code.Value;
        }
        return code ?? ExitCode.Failed;
    }
}
