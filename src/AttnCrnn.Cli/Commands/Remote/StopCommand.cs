using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Jobs;

namespace AttnCrnn.Cli.Commands.Remote;

/// <summary>Stops the run of a session, after a checkpoint.</summary>
internal sealed class StopCommand : RemoteCommand<StopSettings>
{
    public StopCommand()
        : base(
            "stop",
            "Stop the run on the other machine after a checkpoint; kill it after --grace seconds.",
            StopSettings.Options
        ) { }

    public override Task<int> RunAsync(
        StopSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    ) => StopAsync(console, settings.CreateTarget(), TimeSpan.FromSeconds(settings.GraceSeconds), cancellationToken);

    private static async Task<int> StopAsync(
        ConsoleOutput console,
        RemoteTarget target,
        TimeSpan grace,
        CancellationToken cancellationToken
    )
    {
        var query = target.CreateQuery();
        var status = await query.GetStatusAsync(1, cancellationToken);
        if (status.Run is not { } run)
            throw new InvalidRemoteRequestException(
                $"{target.Machine.Name}: nothing was deployed in the session {target.Session}"
            );
        console.WriteMessage($"waiting for {run} to end, for up to {grace.TotalSeconds:0} s");
        var outcome = await RunStop.RunAsync(
            target.Machine,
            target.JobRunner,
            await query.GetFolderAsync(cancellationToken),
            target.Session,
            run,
            grace,
            cancellationToken
        );
        var remedy = $"Resume it with\n{target.FormatCommand("deploy", "--resume", run)}";
        console.WriteResultText(
            outcome.Result switch
            {
                StopResult.AlreadyEnded => $"{run} had ended "
                    + (outcome.ExitCode is { } code ? $"with {code}" : "without an exit code"),
                StopResult.StopRequested when outcome.ExitCode == ExitCode.Success =>
                    $"{run} finished with exit code 0",
                StopResult.StopRequested => $"{run} ended with {outcome.ExitCode}; its checkpoint is kept. {remedy}",
                _ => $"{run} did not end within {grace.TotalSeconds:0} s and was killed; "
                    + $"its last checkpoint is intact. {remedy}",
            },
            indent: 0
        );
        return ExitCode.Success;
    }
}
