using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace AttnCrnn.Remote;

/// <summary>
/// Follows a run's log to its end, over any number of connections. What was shown is kept, so that after a lost connection, or in another process, it goes on
/// with the line after the last; and in another log with the first line that differs.
/// </summary>
/// <param name="shown">What was shown before; it grows with each line.</param>
/// <param name="connection">Goes on after a lost connection, and says so.</param>
public sealed class LogFollower(Machine machine, IRunKeeper keeper, string folder, string session, string run, ShownLog shown, Reconnection connection)
{
    private readonly List<byte> begun = []; // of a line whose end has not come
    private long next; // of the log's bytes: where that line begins
    private bool compares; // whether the log is another one than was shown, and all before next the same

    /// <summary>A line to be shown. It is kept as shown when this returns.</summary>
    public required Action<string> Line { get; init; }

    /// <summary>What happens to the log.</summary>
    public required Action<string> Say { get; init; }

    /// <summary>Follows the log until the run ends.</summary>
    /// <returns>The run's exit code; null where it is gone without one.</returns>
    /// <exception cref="RemoteException">A connection fails for a reason that will not pass. Of others there is no end: see first that the machine is there at all.</exception>
    public Task<int?> RunAsync(CancellationToken cancellation = default) => connection.AskAsync(() => FollowAsync(cancellation), cancellation);

    private async Task<int?> FollowAsync(CancellationToken cancellation)
    {
        begun.Clear();
        (next, compares) = (shown.Length, false);
        await using var shell = ChildProcess.Start(machine.Shell);
        var script = Script.Of("follow", keeper, folder, session, run, Number(shown.Begin), Number(shown.Length), shown.Hash());
        await shell.SendAsync(script.Text, close: true, cancellation).ConfigureAwait(false);
        var frames = new LogFrames(shell.Output);
        while (await frames.NextAsync(cancellation).ConfigureAwait(false) is { } frame)
        {
            connection.Answered();
            switch (frame.Kind)
            {
                case LogFrameKind.Bytes:
                    Take(frame.Bytes);
                    break;
                case LogFrameKind.Other:
                    Say("the log there is another one than was shown before: from the first line on that differs");
                    begun.Clear();
                    (next, compares) = (0, true);
                    break;
                case LogFrameKind.Exit or LogFrameKind.Lost:
                    if (begun.Count > 0) Show();
                    return frame.Code;
            }
        }
        var (code, complaint) = await shell.EndAsync(cancellation).ConfigureAwait(false);
        throw code == 0 ? new ConnectionLostException($"{machine.Name}: the connection was lost") : machine.Failure(code, complaint);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    // By bytes: a letter of UTF-8 may be cut in two.
    private void Take(byte[] bytes)
    {
        foreach (var one in bytes)
        {
            begun.Add(one);
            if (one == '\n') Show();
        }
    }

    private void Show()
    {
        var line = CollectionsMarshal.AsSpan(begun);
        if (!compares || !shown.Holds(next, line))
        {
            if (compares) shown.CutAt(next);
            compares = false;
            Line(Encoding.UTF8.GetString(line[^1] == '\n' ? line[..^1] : line));
            shown.Add(line);
        }
        next += line.Length;
        begun.Clear();
    }
}
