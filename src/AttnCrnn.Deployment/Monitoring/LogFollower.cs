using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment.Monitoring;

/// <summary>
/// Follows a run's log to its end, over any number of connections. What was shown is kept, so that after a lost connection, or in another process, it goes on
/// with the line after the last; and in another log with the first line that differs.
/// </summary>
/// <param name="shown">What was shown before; it grows with each line.</param>
/// <param name="connection">Goes on after a lost connection, and says so.</param>
public sealed class LogFollower(
    Machine machine,
    IJobRunner jobRunner,
    string folder,
    string session,
    string run,
    LogCursor shown,
    Reconnection connection
)
{
    private readonly List<byte> isStarted = []; // of a line whose end has not come
    private long next; // of the log's bytes: where that line begins
    private bool compares; // whether the log is another one than was shown, and all before next the same

    /// <summary>A line to be shown. It is kept as shown when this returns.</summary>
    public required Action<string> Line { get; init; }

    /// <summary>What happens to the log.</summary>
    public required Action<string> Report { get; init; }

    /// <summary>Follows the log until the run ends.</summary>
    /// <returns>The run's exit code; null where it is gone without one.</returns>
    /// <exception cref="RemoteException">A connection fails for a reason that will not pass. Of others there is no end: see first that the machine is there at all.</exception>
    public Task<int?> RunAsync(CancellationToken cancellation = default) =>
        connection.RunAsync(() => FollowAsync(cancellation), cancellation);

    private async Task<int?> FollowAsync(CancellationToken cancellation)
    {
        isStarted.Clear();
        (next, compares) = (shown.Length, false);
        await using var console = ChildProcess.Start(machine.Shell);
        var script = Script.Create(
            "follow",
            jobRunner,
            folder,
            session,
            run,
            Number(shown.Start),
            Number(shown.Length),
            shown.Hash()
        );
        await console.SendAsync(script.Text, close: true, cancellation).ConfigureAwait(false);
        var frames = new LogFrames(console.Output);
        while (await frames.NextAsync(cancellation).ConfigureAwait(false) is { } frame)
        {
            connection.Answered();
            switch (frame.Kind)
            {
                case LogFrameKind.Bytes:
                    Take(frame.Bytes);
                    break;
                case LogFrameKind.Other:
                    Report("the log there is another one than was shown before: from the first line on that differs");
                    isStarted.Clear();
                    (next, compares) = (0, true);
                    break;
                case LogFrameKind.Exit or LogFrameKind.Lost:
                    if (isStarted.Count > 0)
                        Show();
                    return frame.Code;
            }
        }
        var (code, error) = await console.EndAsync(cancellation).ConfigureAwait(false);
        throw code == 0
            ? new ConnectionLostException($"{machine.Name}: the connection was lost")
            : machine.Failure(code, error);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    // By bytes: a letter of UTF-8 may be cut in two.
    private void Take(byte[] bytes)
    {
        foreach (var one in bytes)
        {
            isStarted.Add(one);
            if (one == '\n')
                Show();
        }
    }

    private void Show()
    {
        var line = CollectionsMarshal.AsSpan(isStarted);
        if (!compares || !shown.Holds(next, line))
        {
            if (compares)
                shown.CutAt(next);
            compares = false;
            Line(Encoding.UTF8.GetString(line[^1] == '\n' ? line[..^1] : line));
            shown.Add(line);
        }
        next += line.Length;
        isStarted.Clear();
    }
}
