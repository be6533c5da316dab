using System.Text;
using AttnCrnn.Formats.Hdf5;
using static AttnCrnn.Testing.Formats.Hdf5MessageBuilder;

namespace AttnCrnn.Testing.Formats;

/// <summary>
/// Writes small HDF5 files byte by byte, valid and invalid (HDF5 File Format Specification 3.0). Objects come first,
/// then the groups that link to them, then the superblock. Headers are of version 2 unless called old.
/// </summary>
internal sealed class Hdf5Builder
{
    private const int SuperblockBytes = 104; // room for any version, to a multiple of 8

    // The C library reads content nodes of the superblock's sizes: trees of up to 32 children, symbol-table nodes of up
    // to 8 entries.
    private const int TreeBytes = 24 + 8 + (32 * 16);
    private const int SymbolBytes = 8 * 40;

    private readonly List<byte> bytes = [.. new byte[SuperblockBytes]];

    /// <summary>The address of the next object.</summary>
    public long Next => bytes.Count;

    public long Add(params byte[] part)
    {
        var offset = Next;
        bytes.AddRange(part);
        bytes.AddRange(new byte[-part.Length & 7]);
        return offset;
    }

    /// <summary>A group with its links and further header messages.</summary>
    public long Group(params byte[][] messages) =>
        Header([Message(0x02, [0, 0, .. Long(Undefined), .. Long(Undefined)]), .. messages]);

    /// <summary>A contiguous array.</summary>
    public long Array(long[] shape, byte[] type, params byte[][] values)
    {
        byte[] content = [.. values.SelectMany(value => value)];
        return ArrayOf(shape, type, Layout(Add(content), content.Length));
    }

    /// <summary>An array of any layout, with further header messages.</summary>
    public long ArrayOf(long[] shape, byte[] type, byte[] layout, params byte[][] messages) =>
        Header([Message(0x01, Space(shape)), Message(0x03, type), Message(0x08, layout), .. messages]);

    /// <summary>A contiguous array with a version 1 header.</summary>
    public long OldArray(long[] shape, byte[] type, byte[] values)
    {
        var layout = Layout(Add(values), values.Length);
        byte[] space = [1, (byte)shape.Length, 0, 0, 0, 0, 0, 0, .. shape.SelectMany(Long)];
        return OldHeader(OldMessage(0x01, space), OldMessage(0x03, type), OldMessage(0x08, layout));
    }

    /// <summary>An object header of version 2.</summary>
    public long Header(params byte[][] messages)
    {
        byte[] content = [.. messages.SelectMany(message => message)];
        return Add(WithChecksum([.. "OHDR"u8, 2, 2, .. Int(content.Length), .. content]));
    }

    public (long At, long Bytes) Continuation(params byte[][] messages)
    {
        var chunk = WithChecksum([.. "OCHK"u8, .. messages.SelectMany(message => message)]);
        return (Add(chunk), chunk.Length);
    }

    /// <summary>An old-style group: heap, symbol-table node, tree, and a version 1 header.</summary>
    public long OldGroup((string Name, long Address)[] entries, params byte[][] messages)
    {
        var names = new List<byte>(new byte[8]);
        var symbols = new List<byte>();
        var lastName = 0;
        foreach (var (name, address) in entries)
        {
            lastName = names.Count;
            symbols.AddRange([.. Long(lastName), .. Long(address), .. new byte[24]]);
            names.AddRange([.. Encoding.UTF8.GetBytes(name), 0]);
        }
        symbols.AddRange(new byte[Math.Max(0, SymbolBytes - symbols.Count)]);
        var node = Add([.. "SNOD"u8, 1, 0, .. Short(entries.Length), .. symbols]);
        return OldGroup(Tree(0, lastName, node), OldHeap([.. names]), messages);
    }

    public long OldGroup(long tree, long heap, params byte[][] messages) =>
        OldHeader([OldMessage(0x11, [.. Long(tree), .. Long(heap)]), .. messages.Select(Old)]);

    public long OldHeap(byte[] names)
    {
        var offset = Add(names);
        return Add([.. "HEAP"u8, 0, 0, 0, 0, .. Long(names.Length), .. Long(1), .. Long(offset)]);
    }

    /// <param name="lastName">Heap offset of the last child's last name.</param>
    public long Tree(int level, long lastName, params long[] children)
    {
        byte[] content =
        [
            .. "TREE"u8,
            0,
            (byte)level,
            .. Short(children.Length),
            .. Long(Undefined),
            .. Long(Undefined),
            .. Long(0),
            .. children.SelectMany(child => (byte[])[.. Long(child), .. Long(lastName)]),
        ];
        return Add([.. content, .. new byte[Math.Max(0, TreeBytes - content.Length)]]);
    }

    public long OldHeader(params byte[][] messages)
    {
        byte[] content = [.. messages.SelectMany(message => message)];
        return Add([1, 0, .. Short(messages.Length), .. Int(1), .. Int(content.Length), 0, 0, 0, 0, .. content]);
    }

    /// <summary>A global heap collection.</summary>
    public long Heap(params (int Number, byte[] Content)[] objects)
    {
        byte[] content =
        [
            .. objects.SelectMany(entry =>
                (byte[])
                    [
                        .. Short(entry.Number),
                        1,
                        0,
                        0,
                        0,
                        0,
                        0,
                        .. Long(entry.Content.Length),
                        .. entry.Content,
                        .. new byte[-entry.Content.Length & 7],
                    ]
            ),
        ];
        return Add([.. "GCOL"u8, 1, 0, 0, 0, .. Long(16 + content.Length), .. content]);
    }

    /// <summary>The complete file, with a version 2 or 3 superblock.</summary>
    public byte[] File(long root, int version = 3, long origin = 0, long extension = Undefined, long? end = null)
    {
        var image = bytes.ToArray();
        WithChecksum([
                0x89,
                .. "HDF\r\n"u8,
                0x1A,
                (byte)'\n',
                (byte)version,
                8,
                8,
                0,
                .. Long(origin),
                .. Long(extension),
                .. Long(end ?? image.Length),
                .. Long(root),
            ])
            .CopyTo(image, 0);
        return image;
    }

    /// <summary>The complete file, with a version 0 or 1 superblock.</summary>
    public byte[] OldFile(long root, int version = 0, long driver = Undefined)
    {
        var image = bytes.ToArray();
        byte[] block =
        [
            0x89,
            .. "HDF\r\n"u8,
            0x1A,
            (byte)'\n',
            (byte)version,
            0,
            0,
            0,
            0,
            8,
            8,
            0,
            4,
            0,
            16,
            0,
            0,
            0,
            0,
            0,
            .. version == 0 ? [] : (byte[])[32, 0, 0, 0],
            .. Long(0),
            .. Long(Undefined),
            .. Long(image.Length),
            .. Long(driver),
            .. Long(0),
            .. Long(root),
            .. new byte[24],
        ];
        block.CopyTo(image, 0);
        return image;
    }

    private static byte[] WithChecksum(byte[] part) => [.. part, .. Int((int)Hdf5Checksum.Lookup3(part))];

    /// <summary>Converts a version 2 header message to version 1.</summary>
    private static byte[] Old(byte[] message) => OldMessage(message[0], message[4..]);

    private static byte[] OldMessage(int type, byte[] content) =>
        [.. Short(type), .. Short((content.Length + 7) & ~7), 0, 0, 0, 0, .. content, .. new byte[-content.Length & 7]];
}
