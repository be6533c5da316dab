using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment.Monitoring;

/// <summary>
/// Follows a run's log to its end, over any number of connections. The position is persisted, so that following resumes
/// at the next line after a lost connection or in another process; if the log was replaced, at the first differing
/// line.
/// </summary>
/// <param name="cursor">The text already shown; advances with each line.</param>
/// <param name="retry">Reconnects after a lost connection, and reports it.</param>
public sealed class LogFollower(
    Machine machine,
    IJobRunner jobRunner,
    string folder,
    string session,
    string run,
    LogCursor cursor,
    ConnectionRetry retry
)
{
    private readonly List<byte> partialLine = [];
    private long lineOffset; // of partialLine, in the log
    private bool isComparing; // the log was replaced, and is equal to the shown text before lineOffset

    /// <summary>Displays a line, which counts as shown once this returns.</summary>
    public required Action<string> ShowLine { get; init; }

    /// <summary>
    /// Displays events of the run, lines of progress.jsonl. Each is preceded by the lines of the log that were written
    /// before it; after a lost connection, events come again. The first call, with no event, precedes the first epoch
    /// in the log; it is never called for a run of version 0.1, which records no events.
    /// </summary>
    public required Action<IReadOnlyList<string>> ShowEvents { get; init; }

    /// <summary>Displays a message about the log.</summary>
    public required Action<string> ReportMessage { get; init; }

    /// <summary>Follows the log until the run ends.</summary>
    /// <returns>The run's exit code; null if the run ended without one.</returns>
    /// <exception cref="RemoteException">
    /// The connection fails for a permanent reason. Transient failures are retried forever: check first that the
    /// machine can be reached.
    /// </exception>
    public Task<int?> RunAsync(CancellationToken cancellation = default) =>
        retry.RunAsync(() => FollowAsync(cancellation), cancellation);

    private async Task<int?> FollowAsync(CancellationToken cancellation)
    {
        partialLine.Clear();
        lineOffset = cursor.Length;
        isComparing = false;
        await using var console = ChildProcess.Start(machine.Shell);
        var script = Script.Create(
            "follow",
            jobRunner,
            folder,
            session,
            run,
            FormatNumber(cursor.Start),
            FormatNumber(cursor.Length),
            cursor.ComputeHash()
        );
        await console.SendAsync(script.Text, close: true, cancellation).ConfigureAwait(false);
        var messages = new LogMessageReader(console.Output);
        while (await messages.NextAsync(cancellation).ConfigureAwait(false) is { } message)
        {
            retry.Reset();
            switch (message.Kind)
            {
                case LogMessageKind.Bytes:
                    Append(message.Bytes);
                    break;
                case LogMessageKind.Progress:
                    ShowEvents(
                        Encoding.UTF8.GetString(message.Bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    );
                    break;
                case LogMessageKind.LogReplaced:
                    ReportMessage(
                        "the remote log differs from the log shown before: continuing at the first differing line"
                    );
                    partialLine.Clear();
                    lineOffset = 0;
                    isComparing = true;
                    break;
                case LogMessageKind.Exit or LogMessageKind.EndedWithoutExitCode:
                    if (partialLine.Count > 0)
                        ShowPartialLine();
                    return message.Code;
            }
        }
        var (code, error) = await console.EndAsync(cancellation).ConfigureAwait(false);
        throw code == 0
            ? new ConnectionLostException($"{machine.Name}: the connection was lost")
            : machine.CreateException(code, error);
    }

    private static string FormatNumber(long number) => number.ToString(CultureInfo.InvariantCulture);

    // Bytes, because a message may split a UTF-8 character.
    private void Append(byte[] bytes)
    {
        foreach (var value in bytes)
        {
            partialLine.Add(value);
            if (value == '\n')
                ShowPartialLine();
        }
    }

    private void ShowPartialLine()
    {
        var line = CollectionsMarshal.AsSpan(partialLine);
        if (!isComparing || !cursor.Matches(lineOffset, line))
        {
            if (isComparing)
                cursor.TruncateAt(lineOffset);
            isComparing = false;
            ShowLine(Encoding.UTF8.GetString(line[^1] == '\n' ? line[..^1] : line));
            cursor.Add(line);
        }
        lineOffset += line.Length;
        partialLine.Clear();
    }
}
