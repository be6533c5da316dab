using System.Globalization;
using System.Text;

namespace AttnCrnn.Deployment.Monitoring;

/// <summary>
/// Reads the output of the follow script: messages, each a header line, followed by bytes of the log or by events.
/// </summary>
internal sealed class LogMessageReader(Stream source)
{
    private const int MaxHeaderBytes = 4096;
    private const int MaxBytes = 1 << 20;

    private readonly byte[] buffer = new byte[1 << 16];
    private int position;
    private int end;

    /// <summary>The next message; null if the stream ends before it is complete, which is a lost connection.</summary>
    public async Task<LogMessage?> NextAsync(CancellationToken cancellation)
    {
        while (await ReadHeaderAsync(cancellation).ConfigureAwait(false) is { } header)
        {
            var words = header.Split(' ');
            switch (words[0])
            {
                case "bytes"
                or "progress"
                    when words.Length == 2
                        && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                        && count <= MaxBytes:
                    return await ReadBytesAsync(count, cancellation).ConfigureAwait(false) is { } bytes
                        ? new(words[0] == "bytes" ? LogMessageKind.Bytes : LogMessageKind.Progress, bytes, null)
                        : null;
                case "exit":
                    return new(
                        LogMessageKind.Exit,
                        [],
                        words.Length == 2
                        && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var code)
                            ? code
                            : null
                    );
                case "lost":
                    return new(LogMessageKind.EndedWithoutExitCode, [], null);
                case "replaced":
                    return new(LogMessageKind.LogReplaced, [], null);
                case "heartbeat":
                    return new(LogMessageKind.Heartbeat, [], null);
            }
        }
        return null;
    }

    private async Task<string?> ReadHeaderAsync(CancellationToken cancellation)
    {
        var header = new List<byte>();
        while (header.Count < MaxHeaderBytes)
        {
            if (position == end && !await FillAsync(cancellation).ConfigureAwait(false))
                return null;
            var nextByte = buffer[position++];
            if (nextByte == '\n')
                break;
            header.Add(nextByte);
        }
        return Encoding.UTF8.GetString([.. header]);
    }

    private async Task<byte[]?> ReadBytesAsync(int length, CancellationToken cancellation)
    {
        var bytes = new byte[length];
        for (var count = 0; count < length; )
        {
            if (position == end && !await FillAsync(cancellation).ConfigureAwait(false))
                return null;
            var chunk = Math.Min(length - count, end - position);
            buffer.AsSpan(position, chunk).CopyTo(bytes.AsSpan(count));
            position += chunk;
            count += chunk;
        }
        return bytes;
    }

    private async Task<bool> FillAsync(CancellationToken cancellation)
    {
        position = 0;
        end = await source.ReadAsync(buffer, cancellation).ConfigureAwait(false);
        return end > 0;
    }
}

/// <param name="Code">The run's exit code, for <see cref="LogMessageKind.Exit"/>.</param>
internal sealed record LogMessage(LogMessageKind Kind, byte[] Bytes, int? Code);

internal enum LogMessageKind
{
    Bytes,

    /// <summary>Events of the run, complete lines of progress.jsonl; none in the first message.</summary>
    Progress,

    Heartbeat,

    /// <summary>The log differs from the text shown before, and follows from its beginning.</summary>
    LogReplaced,

    Exit,

    /// <summary>The run ended without an exit code.</summary>
    EndedWithoutExitCode,
}
