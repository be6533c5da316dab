using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Monitoring;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands.Remote;

/// <summary>Shows the state of a run on another machine, and follows its log.</summary>
internal sealed class MonitorCommand : RemoteCommand<MonitorSettings>
{
    private const int LastLines = 50;
    private const int MaxFetchRetries = 6; // within a minute

    public MonitorCommand()
        : base(
            "monitor",
            "Show the state of a run on another machine and the last 50 lines of its log.",
            MonitorSettings.Options
        ) { }

    public override string InterruptMessage => ""; // InterruptedException has its own message

    public override Task<int> RunAsync(
        MonitorSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        if (new[] { settings.Lines, settings.Continuous, settings.Json }.Count(isSet => isSet) > 1)
            throw new UsageException("-l, -c and --json exclude each other: use one");
        var target = settings.CreateTarget();
        return settings.Continuous
            ? FollowAsync(console, target, cancellationToken)
            : ShowAsync(settings, console, target, cancellationToken);
    }

    private static async Task<int> ShowAsync(
        MonitorSettings settings,
        ConsoleOutput console,
        RemoteTarget target,
        CancellationToken cancellationToken
    )
    {
        var status = await target.CreateQuery().GetStatusAsync(LastLines, cancellationToken).ConfigureAwait(false);
        if (settings.Json)
            console.WriteResult(StatusJson.Format(status, target));
        else if (settings.Lines)
            foreach (var line in status.LastLines)
                console.WriteResult(line);
        else
            foreach (var line in StatusView.FormatLines(status, target, console.Width))
                console.WriteResult(line);
        return ExitCode.Success;
    }

    private static async Task<int> FollowAsync(
        ConsoleOutput console,
        RemoteTarget target,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var query = target.CreateQuery();
            var retry = new ConnectionRetry(console.WriteMessage, TimeProvider.System);
            // The name of a host that never responded may be misspelled; a host that responded before is retried.
            var status = await retry.RunAsync(
                () => query.GetStatusAsync(1, cancellationToken),
                cancellationToken,
                _ => query.HasResponded || HasShownLog()
            );
            if (status.Run is not { } run)
                throw new InvalidRemoteRequestException(
                    $"{target.Machine.Name}: nothing was deployed in the session {target.Session}; "
                        + "deploy a run first"
                );
            using var cursor = new LogCursor(Path.Combine(RunFolders.Logs, run));
            foreach (var note in status.Notes)
                console.WriteMessage(note.ToString());
            var start = cursor.Length > 0 ? ", continuing after the lines shown before" : "";
            var title = $"{run} on {target.Machine.Name}{start}; Ctrl-C does not stop the run";
            console.WriteMessage(title);
            var view = new LiveView(console, new EpochCursor(Path.Combine(RunFolders.Logs, run)), console.Width);
            var follower = new LogFollower(
                target.Machine,
                target.JobRunner,
                await query.GetFolderAsync(cancellationToken),
                target.Session,
                run,
                cursor,
                retry
            )
            {
                ShowLine = view.ShowLine,
                ShowEvents = view.ShowEvents,
                ReportMessage = console.WriteMessage,
            };
            int? code;
            try
            {
                code = await follower.RunAsync(cancellationToken);
            }
            finally
            {
                view.End();
            }
            return await EndAsync(console, target, retry, run, code, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            throw new InterruptedException("the run continues; run monitor again to show the following lines");
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
        ConnectionRetry retry,
        string run,
        int? code,
        CancellationToken cancellationToken
    )
    {
        // A job runner may know the reason.
        if (code is null)
            foreach (
                var note in (
                    await retry.RunAsync(
                        () => target.CreateQuery().GetStatusAsync(1, cancellationToken),
                        cancellationToken
                    )
                ).Notes
            )
                console.WriteMessage(note.ToString());
        console.WriteMessage(
            code is null
                ? $"{run} ended without an exit code, as after a restart of the machine: "
                    + $"resume it with\n{target.FormatCommand("deploy", "--resume", run)}"
                : $"{run} ended with {code}"
        );
        try
        {
            await retry.RunAsync(
                () => FetchCommand.FetchAsync(console, target, run, cancellationToken),
                cancellationToken,
                failures => failures <= MaxFetchRetries
            );
        }
        catch (RemoteException exception)
        {
            console.WriteError(
                $"{exception.Text.Format(OptionParser.FormatKey)}; the results are still on the machine; "
                    + "fetch them with\n"
                    + target.FormatCommand("fetch", run)
            );
            return code is null or ExitCode.Success ? ExitCode.Failure : code.Value;
        }
        return code ?? ExitCode.Failure;
    }
}
