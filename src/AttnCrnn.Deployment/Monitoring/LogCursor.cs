using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AttnCrnn.Deployment.Monitoring;

/// <summary>
/// How much of a run's log was shown here, and its text, kept in a file beside the run's other files. A place alone would not do: a run that goes on elsewhere
/// has another log there, which is the same up to where it was fetched. Two who look at once write the same bytes to the same places.
/// </summary>
public sealed class LogCursor : IDisposable
{
    // The file: of which of the log's bytes the text begins, a line end, and the text. Older ones have a number alone.
    private const int Digits = 19,
        Head = Digits + 1,
        Portion = 1 << 16;

    private readonly SafeFileHandle file;

    /// <summary>Opens what was kept, or begins.</summary>
    /// <param name="folder">logs/RUN; it is made where it is missing.</param>
    public LogCursor(string folder)
    {
        Directory.CreateDirectory(folder);
        file = File.OpenHandle(
            Path.Combine(folder, FileName),
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite,
            FileShare.ReadWrite
        );
        Span<byte> head = stackalloc byte[Digits];
        var known = long.TryParse(
            head[..RandomAccess.Read(file, head, 0)],
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var begin
        );
        if (known)
            (Start, Length) = (begin, begin + Math.Max(0, RandomAccess.GetLength(file) - Head));
        else
            CutAt(0);
    }

    /// <summary>The file's name: logs/RUN has one where a run was looked at from here.</summary>
    public const string FileName = ".shown";

    /// <summary>The log's first byte that was not shown.</summary>
    public long Length { get; private set; }

    /// <summary>The first of the log's bytes whose text is known.</summary>
    internal long Start { get; private set; }

    /// <summary>SHA-256 of the text that is known, in lower case.</summary>
    internal string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var place = Start; place < Length; place += Portion)
            hash.AppendData(Text(place, (int)Math.Min(Portion, Length - place)));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Whether these bytes were shown at that place of the log.</summary>
    internal bool Holds(long place, ReadOnlySpan<byte> bytes) =>
        place >= Start && place + bytes.Length <= Length && Text(place, bytes.Length).AsSpan().SequenceEqual(bytes);

    /// <summary>What was shown just now. In one write: a kill leaves it noted or not.</summary>
    internal void Add(ReadOnlySpan<byte> bytes)
    {
        if (Length == Start)
            WriteHead(); // one of an older program has no line end
        RandomAccess.Write(file, bytes, Head + Length - Start);
        Length += bytes.Length;
    }

    /// <summary>Forgets what was shown from that place of the log on.</summary>
    internal void CutAt(long place)
    {
        if (place < Start)
            Start = place;
        Length = place;
        RandomAccess.SetLength(file, Head + Length - Start);
        WriteHead();
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private void WriteHead() =>
        RandomAccess.Write(
            file,
            Encoding.ASCII.GetBytes(Start.ToString($"D{Digits}", CultureInfo.InvariantCulture) + "\n"),
            0
        );

    private byte[] Text(long place, int count)
    {
        var text = new byte[count];
        return RandomAccess.Read(file, text, Head + place - Start) == count ? text : []; // shorter only where another has cut it meanwhile
    }
}
