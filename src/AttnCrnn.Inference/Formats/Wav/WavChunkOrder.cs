using System.Buffers.Binary;

namespace AttnCrnn.Formats.Wav;

/// <summary>
/// Finds the chunk after another. A chunk of odd size is followed by a byte of padding, which some writers omit.
/// </summary>
internal static class WavChunkOrder
{
    private const int NameBytes = 4;

    private static readonly HashSet<uint> KnownNames =
    [
        .. new[]
        {
            "fmt ",
            "data",
            "LIST",
            "fact",
            "cue ",
            "bext",
            "iXML",
            "id3 ",
            "ID3 ",
            "JUNK",
            "PEAK",
            "smpl",
        }.Select(name => BinaryPrimitives.ReadUInt32LittleEndian([.. name.Select(letter => (byte)letter)])),
    ];

    /// <summary>Position of the next chunk; at most the end of the stream.</summary>
    /// <param name="stream">Seekable; its position changes.</param>
    /// <param name="start">Position of the content of a chunk.</param>
    /// <param name="size">Size of the content in bytes.</param>
    public static long FindNext(Stream stream, long start, long size)
    {
        var unpadded = start + size;
        if ((size & 1) == 0 || unpadded >= stream.Length)
            return Math.Min(stream.Length, unpadded);
        Span<byte> bytes = stackalloc byte[NameBytes + 1];
        stream.Position = unpadded;
        var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var hasNoPadding = count == bytes.Length && IsBetterName(bytes[..NameBytes], bytes[1..]);
        return Math.Min(stream.Length, hasNoPadding ? unpadded : unpadded + 1);
    }

    /// <summary>Whether a chunk of a known name is at the position of the stream, which stays.</summary>
    public static bool IsKnownNext(Stream stream)
    {
        Span<byte> name = stackalloc byte[NameBytes];
        var position = stream.Position;
        var count = stream.ReadAtLeast(name, NameBytes, throwOnEndOfStream: false);
        stream.Position = position;
        return count == NameBytes && IsKnownName(name);
    }

    /// <summary>Whether 4 bytes can be the name of a chunk: printable ASCII.</summary>
    public static bool IsName(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~');

    // "ata@" can be a name, but not beside "data".
    private static bool IsBetterName(ReadOnlySpan<byte> unpadded, ReadOnlySpan<byte> padded) =>
        !IsKnownName(padded) && (IsKnownName(unpadded) || (IsName(unpadded) && !IsName(padded)));

    private static bool IsKnownName(ReadOnlySpan<byte> bytes) =>
        KnownNames.Contains(BinaryPrimitives.ReadUInt32LittleEndian(bytes));
}
