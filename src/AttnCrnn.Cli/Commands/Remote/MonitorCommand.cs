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

    private readonly RemoteOptions remoteOptions;
    private readonly Option<bool> lines;
    private readonly Option<bool> continuous;
    private readonly Option<bool> json;

    public MonitorCommand()
        : base("monitor", "Show the state of a run on another machine and the last 50 lines of its log.")
    {
        remoteOptions = AddRemoteOptions();
        lines = AddOption("--lines", "Show only the last 50 lines of the log.", false);
        lines.Aliases.Add("-l");
        continuous = AddOption(
            "--continuous",
            "Follow the log to the end of the run, fetch the results, and exit with the run's exit code.",
            false
        );
        continuous.Aliases.Add("-c");
        json = AddOption("--json", "Print one JSON object.", false);
    }

    public override string InterruptMessage => ""; // InterruptedException has its own message

    public override int Run(ParseResult parseResult, ConsoleOutput console, CancellationToken cancellationToken)
    {
        if (new[] { lines, continuous, json }.Count(parseResult.GetValue) > 1)
            throw new UsageException("-l, -c and --json exclude each other: use one");
        var target = remoteOptions.Read(parseResult, DeploySettings.Read(Environment.CurrentDirectory));
        return parseResult.GetValue(continuous)
            ? FollowAsync(console, target, cancellationToken).GetAwaiter().GetResult()
            : Show(parseResult, console, target, cancellationToken);
    }

    private int Show(
        ParseResult parseResult,
        ConsoleOutput console,
        RemoteTarget target,
        CancellationToken cancellationToken
    )
    {
        var status = target.CreateQuery().GetStatusAsync(LastLines, cancellationToken).GetAwaiter().GetResult();
        if (parseResult.GetValue(json))
            console.WriteResult(StatusJson.Format(status, target));
        else if (parseResult.GetValue(lines))
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
                        + "start a run with: attn-crnn deploy"
                );
            using var cursor = new LogCursor(Path.Combine(RunFolders.Logs, run));
            foreach (var note in status.Notes)
                console.WriteMessage(note);
            var start = cursor.Length > 0 ? ", continuing after the lines shown before" : "";
            var title = $"{run} on {target.Machine.Name}{start}; Ctrl-C does not stop the run";
            foreach (var line in LogText.Wrap(title, console.Width ?? int.MaxValue, 0))
                console.WriteMessage(line);
            var view = new LiveView(console);
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
                ReportMessage = console.WriteMessage,
            };
            var code = await follower.RunAsync(cancellationToken);
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
                console.WriteMessage(note);
        console.WriteMessage(
            code is null
                ? $"{run} ended without an exit code, as after a restart of the machine: "
                    + $"resume it with  attn-crnn deploy --resume {run}{target.SelectionArguments}"
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
                $"{exception.Message}; the results are still on the machine: attn-crnn fetch "
                    + $"{run}{target.SelectionArguments}"
            );
            return code is null or ExitCode.Success ? ExitCode.Failure : code.Value;
        }
        return code ?? ExitCode.Failure;
    }
}
