using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment.Monitoring;

/// <summary>
/// Follows a run's log to its end, over any number of connections. The shown part is persisted, so that it
/// resumes after a lost connection, or in another process, at the next line; or, if the log was replaced, at the first
/// differing line.
/// </summary>
/// <param name="shown">What was already shown; grows with each line.</param>
/// <param name="connection">Reconnects after a lost connection, and reports it.</param>
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
    private readonly List<byte> partialLine = [];
    private long lineOffset; // of partialLine, in the log
    private bool isComparing; // the log differs from the shown one, but not before lineOffset

    /// <summary>Displays a line, which counts as shown once this returns.</summary>
    public required Action<string> Line { get; init; }

    /// <summary>Displays a message about the log.</summary>
    public required Action<string> Report { get; init; }

    /// <summary>Follows the log until the run ends.</summary>
    /// <returns>The run's exit code; null if the run is gone without one.</returns>
    /// <exception cref="RemoteException">
    /// The connection fails for a permanent reason. Transient failures are retried forever: check first that the
    /// machine can be reached.
    /// </exception>
    public Task<int?> RunAsync(CancellationToken cancellation = default) =>
        connection.RunAsync(() => FollowAsync(cancellation), cancellation);

    private async Task<int?> FollowAsync(CancellationToken cancellation)
    {
        partialLine.Clear();
        lineOffset = shown.Length;
        isComparing = false;
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
            connection.Reset();
            switch (frame.Kind)
            {
                case LogFrameKind.Bytes:
                    Append(frame.Bytes);
                    break;
                case LogFrameKind.Other:
                    Report("the remote log differs from the one shown before: continuing at the first differing line");
                    partialLine.Clear();
                    lineOffset = 0;
                    isComparing = true;
                    break;
                case LogFrameKind.Exit or LogFrameKind.Lost:
                    if (partialLine.Count > 0)
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

    // Bytes, because a frame may split a UTF-8 character.
    private void Append(byte[] bytes)
    {
        foreach (var value in bytes)
        {
            partialLine.Add(value);
            if (value == '\n')
                Show();
        }
    }

    private void Show()
    {
        var line = CollectionsMarshal.AsSpan(partialLine);
        if (!isComparing || !shown.Holds(lineOffset, line))
        {
            if (isComparing)
                shown.CutAt(lineOffset);
            isComparing = false;
            Line(Encoding.UTF8.GetString(line[^1] == '\n' ? line[..^1] : line));
            shown.Add(line);
        }
        lineOffset += line.Length;
        partialLine.Clear();
    }
}
