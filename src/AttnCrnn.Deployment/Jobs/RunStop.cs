using System.Globalization;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment.Jobs;

/// <summary>Ends a run: asks it to write a checkpoint, and insists after a while.</summary>
public static class RunStop
{
    /// <summary>Asks a run to end, waits, and then insists.</summary>
    /// <param name="folder">Absolute.</param>
    /// <param name="run">Its name.</param>
    /// <param name="grace">Until it is insisted.</param>
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
        var pairs = new PrintedPairs(
            await machine
                .RunAsync(ScriptFor(jobRunner, folder, session, run, grace), cancellation)
                .ConfigureAwait(false)
        );
        var how = pairs["how"] switch
        {
            "asked" => StopResult.StopRequested,
            "killed" => StopResult.Killed,
            "ended" => StopResult.HadEnded,
            var other => throw new RemoteException($"{machine.Name}: it did not tell how {run} ended ({other})"),
        };
        return new(how, (int?)pairs.Number("exit_code"));
    }

    internal static Script ScriptFor(IJobRunner jobRunner, string folder, string session, string run, TimeSpan grace) =>
        Script.Create(
            "stop",
            jobRunner,
            folder,
            session,
            run,
            ((long)Math.Ceiling(grace.TotalSeconds)).ToString(CultureInfo.InvariantCulture)
        );
}

/// <summary>How a run was ended.</summary>
/// <param name="ExitCode">null where it left none.</param>
public sealed record StopOutcome(StopResult Result, int? ExitCode);

/// <summary>Who ended a run.</summary>
public enum StopResult
{
    /// <summary>It did itself, before.</summary>
    HadEnded,

    /// <summary>It did when asked, with a checkpoint.</summary>
    StopRequested,

    /// <summary>It did not when asked, and was killed.</summary>
    Killed,
}
