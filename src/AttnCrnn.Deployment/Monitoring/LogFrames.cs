using System.Globalization;
using System.Text;

namespace AttnCrnn.Deployment.Monitoring;

/// <summary>What the follow script sends: pieces of the log between lines that say what comes.</summary>
internal sealed class LogFrames(Stream from)
{
    private const int MaxHeaderBytes = 4096,
        MaxBytes = 1 << 20;

    private readonly byte[] buffer = new byte[1 << 16];
    private int at,
        end;

    /// <summary>The next frame; null where the stream ends before a frame is whole, which is a lost connection.</summary>
    public async Task<LogFrame?> NextAsync(CancellationToken cancellation)
    {
        while (await HeadAsync(cancellation).ConfigureAwait(false) is { } head)
        {
            var words = head.Split(' ');
            switch (words[0])
            {
                case "bytes"
                    when words.Length == 2
                        && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                        && count <= MaxBytes:
                    return await TakeAsync(count, cancellation).ConfigureAwait(false) is { } bytes
                        ? new(LogFrameKind.Bytes, bytes, null)
                        : null;
                case "exit":
                    return new(
                        LogFrameKind.Exit,
                        [],
                        words.Length == 2
                        && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var code)
                            ? code
                            : null
                    );
                case "lost":
                    return new(LogFrameKind.Lost, [], null);
                case "other":
                    return new(LogFrameKind.Other, [], null);
                case "beat":
                    return new(LogFrameKind.Beat, [], null);
            }
        }
        return null;
    }

    private async Task<string?> HeadAsync(CancellationToken cancellation)
    {
        var head = new List<byte>();
        while (head.Count < MaxHeaderBytes)
        {
            if (at == end && !await FillAsync(cancellation).ConfigureAwait(false))
                return null;
            var next = buffer[at++];
            if (next == '\n')
                break;
            head.Add(next);
        }
        return Encoding.UTF8.GetString([.. head]);
    }

    private async Task<byte[]?> TakeAsync(int count, CancellationToken cancellation)
    {
        var bytes = new byte[count];
        for (var have = 0; have < count; )
        {
            if (at == end && !await FillAsync(cancellation).ConfigureAwait(false))
                return null;
            var chunk = Math.Min(count - have, end - at);
            buffer.AsSpan(at, chunk).CopyTo(bytes.AsSpan(have));
            (at, have) = (at + chunk, have + chunk);
        }
        return bytes;
    }

    private async Task<bool> FillAsync(CancellationToken cancellation)
    {
        (at, end) = (0, await from.ReadAsync(buffer, cancellation).ConfigureAwait(false));
        return end > 0;
    }
}

/// <param name="Code">Of <see cref="LogFrameKind.Exit"/>.</param>
internal sealed record LogFrame(LogFrameKind Kind, byte[] Bytes, int? Code);

internal enum LogFrameKind
{
    Bytes,
    Beat,

    /// <summary>The log is not the one of which a part was shown, and comes from its beginning.</summary>
    Other,

    Exit,

    /// <summary>The run is gone without an exit code.</summary>
    Lost,
}
