using System.Globalization;
using System.Text;
using AttnCrnn.IO;
using Microsoft.Win32.SafeHandles;

namespace AttnCrnn.Deployment.Monitoring;

/// <summary>
/// The position up to which a run's log was shown on this machine, persisted with the text. An offset alone is not
/// enough: the log of a run that was resumed on another machine differs after the last fetch. Concurrent followers
/// write the same bytes at the same offsets.
/// </summary>
public sealed class LogCursor : IDisposable
{
    // File format: the log offset of the text's first byte, a newline, the text. Older versions wrote the offset alone.
    private const int Digits = 19;
    private const int HeaderLength = Digits + 1;
    private const int ChunkBytes = 1 << 16;

    private readonly SafeFileHandle file;

    /// <summary>Opens or creates the file.</summary>
    /// <param name="folder">logs/RUN; created if missing.</param>
    public LogCursor(string folder)
    {
        Directory.CreateDirectory(folder);
        file = File.OpenHandle(
            Path.Combine(folder, FileName),
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite,
            FileShare.ReadWrite
        );
        Span<byte> header = stackalloc byte[Digits];
        var hasOffset = long.TryParse(
            header[..RandomAccess.Read(file, header, 0)],
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var startOffset
        );
        if (hasOffset)
        {
            Start = startOffset;
            Length = startOffset + Math.Max(0, RandomAccess.GetLength(file) - HeaderLength);
        }
        else
            TruncateAt(0);
    }

    /// <summary>The file name, in logs/RUN of a run that was monitored from this machine.</summary>
    public const string FileName = ".shown";

    /// <summary>Offset in the log of the first byte not shown.</summary>
    public long Length { get; private set; }

    /// <summary>Offset in the log of the first byte whose text is stored.</summary>
    internal long Start { get; private set; }

    /// <summary>SHA-256 of the stored text, lowercase hexadecimal.</summary>
    internal string ComputeHash()
    {
        var hash = new Sha256();
        for (var offset = Start; offset < Length; offset += ChunkBytes)
            hash.Append(ReadText(offset, (int)Math.Min(ChunkBytes, Length - offset)));
        return hash.Finish();
    }

    /// <summary>Whether these bytes were shown at this offset of the log.</summary>
    internal bool Matches(long offset, ReadOnlySpan<byte> bytes) =>
        offset >= Start
        && offset + bytes.Length <= Length
        && ReadText(offset, bytes.Length).AsSpan().SequenceEqual(bytes);

    /// <summary>Appends shown bytes, in a single write, which a kill cannot split.</summary>
    internal void Add(ReadOnlySpan<byte> bytes)
    {
        if (Length == Start)
            WriteHeader(); // older versions wrote no newline
        RandomAccess.Write(file, bytes, HeaderLength + Length - Start);
        Length += bytes.Length;
    }

    /// <summary>Discards the text from this offset of the log on.</summary>
    internal void TruncateAt(long offset)
    {
        if (offset < Start)
            Start = offset;
        Length = offset;
        RandomAccess.SetLength(file, HeaderLength + Length - Start);
        WriteHeader();
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private void WriteHeader() =>
        RandomAccess.Write(
            file,
            Encoding.ASCII.GetBytes(Start.ToString($"D{Digits}", CultureInfo.InvariantCulture) + "\n"),
            0
        );

    private byte[] ReadText(long offset, int count)
    {
        var text = new byte[count];
        // Shorter only if another process truncated the file.
        return RandomAccess.Read(file, text, HeaderLength + offset - Start) == count ? text : [];
    }
}
