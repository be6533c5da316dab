using System.Buffers.Binary;
using AttnCrnn.Formats.PyTorch;

namespace AttnCrnn.Formats.Zip;

/// <summary>Reads the end of central directory record, plain or zip64, which is followed only by a comment.</summary>
internal static class ZipEnd
{
    private const int EndBytes = 22;
    private const int MaxCommentBytes = ushort.MaxValue;

    /// <summary>Entry count, size in bytes and start of the central directory; not validated.</summary>
    public static (long Count, long Bytes, long Start) Find(string path, FileStream stream)
    {
        var tail = new byte[Math.Min(stream.Length, EndBytes + MaxCommentBytes)];
        var tailStart = stream.Length - tail.Length;
        stream.Position = tailStart;
        stream.ReadExactly(tail);
        for (var offset = tail.Length - EndBytes; offset >= 0; offset--)
        {
            var end = tail.AsSpan(offset);
            if (
                !end.StartsWith("PK\u0005\u0006"u8)
                || BinaryPrimitives.ReadUInt16LittleEndian(end[20..]) != end.Length - EndBytes
            )
                continue;
            var record = (
                Count: (long)BinaryPrimitives.ReadUInt16LittleEndian(end[10..]),
                Bytes: (long)BinaryPrimitives.ReadUInt32LittleEndian(end[12..]),
                Start: (long)BinaryPrimitives.ReadUInt32LittleEndian(end[16..])
            );
            return record.Count == ushort.MaxValue || record.Bytes == uint.MaxValue || record.Start == uint.MaxValue
                ? ReadZip64(path, stream, tailStart + offset)
                : record;
        }
        throw Error(path, stream.Length, "no end of central directory record", "a zip archive as torch.save writes it");
    }

    private static (long Count, long Bytes, long Start) ReadZip64(string path, FileStream stream, long end)
    {
        Span<byte> record = stackalloc byte[56];
        if (end < record.Length + 20)
            throw Error(path, end, "no zip64 directory", "a zip64 directory");
        stream.Position = end - 20;
        stream.ReadExactly(record[..20]);
        var offset = BinaryPrimitives.ReadInt64LittleEndian(record[8..]);
        if (!record.StartsWith("PK\u0006\u0007"u8) || offset < 0 || offset > end - 20 - record.Length)
            throw Error(path, end - 20, "no zip64 directory locator", "one within the file");
        stream.Position = offset;
        stream.ReadExactly(record);
        if (!record.StartsWith("PK\u0006\u0006"u8))
            throw Error(path, offset, "an invalid signature", "a zip64 end of central directory record");
        return (
            BinaryPrimitives.ReadInt64LittleEndian(record[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(record[40..]),
            BinaryPrimitives.ReadInt64LittleEndian(record[48..])
        );
    }

    private static InvalidFileException Error(string path, long offset, string found, string expected) =>
        new(path, offset, found, expected, PickleBytes.Remedy);
}
