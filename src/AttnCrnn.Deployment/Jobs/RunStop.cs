using System.Globalization;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment.Jobs;

/// <summary>Stops a run: requests a checkpoint, and kills the run after a grace period.</summary>
public static class RunStop
{
    /// <summary>Requests a run to stop, waits, and then kills it.</summary>
    /// <param name="folder">Absolute.</param>
    /// <param name="grace">Time until the run is killed.</param>
    public static async Task<StopOutcome> RunAsync(
        Machine machine,
        IJobRunner jobRunner,
        string folder,
        string session,
        string run,
        TimeSpan grace,
        CancellationToken cancellation = default
    )
    {
        var pairs = new KeyValueOutput(
            await machine
                .RunAsync(CreateScript(jobRunner, folder, session, run, grace), cancellation)
                .ConfigureAwait(false)
        );
        var result = pairs["result"] switch
        {
            "stopped" => StopResult.StopRequested,
            "killed" => StopResult.Killed,
            "already_ended" => StopResult.AlreadyEnded,
            var invalid => throw new RemoteException(
                $"{machine.Name}: invalid output of stop for {run}: result={invalid}"
            ),
        };
        return new(result, (int?)pairs.GetNumber("exit_code"));
    }

    internal static Script CreateScript(
        IJobRunner jobRunner,
        string folder,
        string session,
        string run,
        TimeSpan grace
    ) =>
        Script.Create(
            "stop",
            jobRunner,
            folder,
            session,
            run,
            ((long)Math.Ceiling(grace.TotalSeconds)).ToString(CultureInfo.InvariantCulture)
        );
}

/// <summary>The result of stopping a run.</summary>
/// <param name="ExitCode">null if the run ended without an exit code.</param>
public sealed record StopOutcome(StopResult Result, int? ExitCode);

/// <summary>How a run ended.</summary>
public enum StopResult
{
    /// <summary>It had already ended.</summary>
    AlreadyEnded,

    /// <summary>It ended on request, with a checkpoint.</summary>
    StopRequested,

    /// <summary>It did not end within the grace period and was killed.</summary>
    Killed,
}
