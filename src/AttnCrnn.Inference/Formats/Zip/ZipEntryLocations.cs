using System.Buffers.Binary;
using System.Text;
using AttnCrnn.Formats.PyTorch;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.Zip;

/// <summary>Location of an entry in a zip archive.</summary>
/// <param name="Name">Entry name.</param>
/// <param name="Header">Byte offset of its local header.</param>
/// <param name="Bytes">Size of its content in bytes.</param>
internal sealed record ZipEntryLocation(string Name, long Header, long Bytes);

/// <summary>
/// The central directory of a zip archive with uncompressed entries (PKWARE's APPNOTE.TXT, sections 4.3 and 4.5).
/// .NET's ZipArchive does not expose the file offset of an entry's content, which memory mapping needs.
/// </summary>
internal sealed class ZipEntryLocations
{
    private const int CentralBytes = 46;
    private const int LocalBytes = 30;
    private const int MaxDirectoryBytes = 64 << 20; // about 100 bytes per tensor

    private readonly string path;
    private readonly FileStream stream;
    private readonly long directory;
    private readonly Dictionary<string, ZipEntryLocation> entries = [];

    private ZipEntryLocations(string path, FileStream stream, long directory)
    {
        this.path = path;
        this.stream = stream;
        this.directory = directory;
    }

    public IReadOnlyDictionary<string, ZipEntryLocation> Entries => entries;

    /// <exception cref="InvalidFileException">
    /// The archive is truncated or damaged, or an entry is compressed or encrypted.
    /// </exception>
    public static ZipEntryLocations Read(string path, FileStream stream)
    {
        var (count, bytes, start) = ZipEnd.Find(path, stream);
        if (
            start < 0
            || bytes < 0
            || start > stream.Length
            || bytes > stream.Length - start
            || bytes > MaxDirectoryBytes
            || count > bytes / CentralBytes
        )
            throw Error(
                path,
                start,
                $"a directory of {count} entries in {bytes} bytes at byte {start}",
                $"one within the file's {stream.Length} bytes"
            );
        var zip = new ZipEntryLocations(path, stream, start);
        var table = new byte[bytes];
        stream.Position = start;
        stream.ReadExactly(table);
        var offset = 0;
        for (var i = 0L; i < count; i++)
            offset += zip.Add(table.AsSpan(offset), start + offset);
        return zip;
    }

    /// <summary>Byte offset of an entry's content, after its local header of variable length.</summary>
    public long FindContent(ZipEntryLocation entry)
    {
        Span<byte> head = stackalloc byte[LocalBytes];
        if (entry.Header > directory - LocalBytes)
            throw Error(path, entry.Header, "the end of the entries", $"the header of {InputFile.Quote(entry.Name)}");
        stream.Position = entry.Header;
        stream.ReadExactly(head);
        var nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(head[26..]);
        var name = new byte[nameBytes];
        var start = entry.Header + LocalBytes + nameBytes + BinaryPrimitives.ReadUInt16LittleEndian(head[28..]);
        if (start > directory || entry.Bytes > directory - start)
            throw Error(
                path,
                entry.Header,
                $"{InputFile.Quote(entry.Name)} of {entry.Bytes} bytes",
                "an entry that ends before the directory begins"
            );
        stream.ReadExactly(name);
        if (!head.StartsWith("PK\u0003\u0004"u8) || Encoding.UTF8.GetString(name) != entry.Name)
            throw Error(path, entry.Header, "an invalid signature", $"the header of {InputFile.Quote(entry.Name)}");
        return start;
    }

    private int Add(ReadOnlySpan<byte> head, long offset)
    {
        if (head.Length < CentralBytes || !head.StartsWith("PK\u0001\u0002"u8))
            throw Error(path, offset, "an invalid signature", "an entry of the archive's directory");
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(head[8..]);
        var method = BinaryPrimitives.ReadUInt16LittleEndian(head[10..]);
        int nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(head[28..]);
        int extraBytes = BinaryPrimitives.ReadUInt16LittleEndian(head[30..]);
        var length = CentralBytes + nameBytes + extraBytes + BinaryPrimitives.ReadUInt16LittleEndian(head[32..]);
        if (length > head.Length)
            throw Error(path, offset, "the end of the directory", "a complete entry");
        var name = Encoding.UTF8.GetString(head.Slice(CentralBytes, nameBytes));
        var (bytes, packed, header) = ReadSizes(head, head.Slice(CentralBytes + nameBytes, extraBytes), offset);
        if ((flags & 1) != 0 || method != 0 || bytes != packed)
            throw new InvalidFileException(
                path,
                offset,
                $"{InputFile.Quote(name)}, {((flags & 1) != 0 ? "encrypted" : $"compressed by method {method}")}",
                "uncompressed entries",
                "save the model again with torch.save, which compresses nothing"
            );
        if (!entries.TryAdd(name, new(name, header, bytes)))
            throw Error(path, offset, $"two entries named {InputFile.Quote(name)}", "one");
        return length;
    }

    // Sizes and header offset. Values that do not fit 4 bytes are stored in the zip64 field, in this order.
    private (long Bytes, long Packed, long Header) ReadSizes(
        ReadOnlySpan<byte> head,
        ReadOnlySpan<byte> extra,
        long offset
    )
    {
        Span<long> values =
        [
            BinaryPrimitives.ReadUInt32LittleEndian(head[24..]),
            BinaryPrimitives.ReadUInt32LittleEndian(head[20..]),
            BinaryPrimitives.ReadUInt32LittleEndian(head[42..]),
        ];
        while (extra.Length >= 4)
        {
            var size = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (size > extra.Length - 4)
                throw Error(path, offset, "an extra field that exceeds its entry", "one within its entry");
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == 1)
            {
                var field = extra.Slice(4, size);
                foreach (ref var value in values)
                {
                    if (value != uint.MaxValue)
                        continue;
                    if (field.Length < 8)
                        throw Error(path, offset, "a zip64 field that is too short", "sizes of 8 bytes");
                    value = BinaryPrimitives.ReadInt64LittleEndian(field);
                    field = field[8..];
                }
            }
            extra = extra[(4 + size)..];
        }
        if (values[0] < 0 || values[2] < 0)
            throw Error(path, offset, "a negative size", "one within the file");
        return (values[0], values[1], values[2]);
    }

    private static InvalidFileException Error(string path, long offset, string found, string expected) =>
        new(path, offset, found, expected, PickleBytes.Remedy);
}
