using AttnCrnn.Formats.Hdf5.ObjectHeaders;

namespace AttnCrnn.Formats.Hdf5;

/// <summary>
/// Reads the entries of an old-style group, h5py's default: a version 1 B-tree whose leaves are symbol table nodes, and
/// a local heap with the names (HDF5 File Format Specification, sections III.A.1, III.B, III.C, III.D).
/// </summary>
internal sealed class Hdf5SymbolTable
{
    private const int EntryBytes = 40;
    private const int SoftLinkCache = 2;

    private readonly Hdf5Bytes file;
    private readonly HashSet<long> visitedNodes = [];
    private long namesOffset;
    private long namesEnd;

    private Hdf5SymbolTable(Hdf5Bytes file) => this.file = file;

    /// <summary>The group's entries, in B-tree order.</summary>
    /// <param name="message">The group's symbol table message.</param>
    /// <exception cref="InvalidFileException">The table is damaged, contains a cycle, or has a soft link.</exception>
    public static IEnumerable<Hdf5Link> ReadLinks(Hdf5Bytes file, Hdf5Message message)
    {
        var table = new Hdf5SymbolTable(file);
        var addresses = new Hdf5Cursor(file, message.Offset, message.Offset + message.Bytes, "a symbol table");
        var tree = addresses.ReadAddress();
        table.OpenHeap(addresses.ReadAddress());
        return table.Traverse(tree);
    }

    private void OpenHeap(long position)
    {
        var heap = file.ClaimPart(position, 32, "a local heap");
        heap.Require("HEAP"u8);
        heap.ReadVersion("local heap version", 0, 0);
        heap.Skip(3);
        var bytes = heap.ReadLength();
        heap.Skip(8); // free space
        namesOffset = heap.ReadAddress();
        if (namesOffset < 0 || bytes > file.Length - namesOffset)
            throw file.Error(
                position,
                $"a local heap of {bytes} bytes at byte {namesOffset}",
                $"one within the file's {file.Length} bytes"
            );
        namesEnd = namesOffset + bytes;
    }

    private IEnumerable<Hdf5Link> Traverse(long tree)
    {
        // A node's level is one less than its parent's; -1 stands for the root's unknown level.
        var nodes = new Stack<(long Offset, int Level)>();
        nodes.Push((tree, -1));
        while (nodes.TryPop(out var node))
        {
            if (!visitedNodes.Add(node.Offset))
                throw file.Error(node.Offset, "a cycle in a group's tree", "every node once");
            if (node.Level == 0)
            {
                foreach (var link in ReadLeaf(node.Offset))
                    yield return link;
                continue;
            }
            var (level, children) = ReadBranch(node.Offset);
            if (node.Level > 0 && level != node.Level - 1)
                throw file.Error(
                    node.Offset,
                    $"a tree node of level {level}",
                    $"{node.Level - 1}, below one of {node.Level}"
                );
            for (var i = children.Length - 1; i >= 0; i--)
                nodes.Push((children[i], level));
        }
    }

    private (int Level, long[] Children) ReadBranch(long position)
    {
        var head = file.ClaimPart(position, 24, "a group's tree");
        head.Require("TREE"u8);
        head.ReadVersion("kind of tree", 0, 0);
        var level = head.ReadByte();
        var children = new long[head.ReadUInt16()];
        var pointers = file.ClaimPart(position + 24, 8 + (16L * children.Length), "a group's tree");
        for (var i = 0; i < children.Length; i++)
        {
            pointers.Skip(8); // key: the tree is read completely, not searched
            children[i] = pointers.ReadAddress();
        }
        return (level, children);
    }

    private IEnumerable<Hdf5Link> ReadLeaf(long position)
    {
        var head = file.ClaimPart(position, 8, "a symbol-table node");
        head.Require("SNOD"u8);
        head.ReadVersion("symbol-table node version", 1, 1);
        head.Skip(1);
        var count = head.ReadUInt16();
        var entries = file.ClaimPart(position + 8, (long)EntryBytes * count, "a symbol-table node");
        for (var i = 0; i < count; i++)
        {
            var start = entries.Offset;
            var name = ReadName(entries.ReadLength(), start);
            var address = entries.ReadAddress();
            if (entries.ReadUInt32() == SoftLinkCache)
                throw Hdf5Link.CreateSoftLinkError(file, start, name);
            entries.Skip(20); // cached properties of the object
            yield return new(name, start, address);
        }
    }

    private string ReadName(long offset, long entryOffset)
    {
        if (offset > namesEnd - namesOffset)
            throw file.Error(
                entryOffset,
                $"a name at byte {offset} of its heap",
                $"one within its {namesEnd - namesOffset} bytes"
            );
        var position = namesOffset + offset;
        var length = file.GetSpan(position, namesEnd - position).IndexOf((byte)0);
        if (length < 0)
            throw file.Error(position, "an unterminated name", "a name that ends within its heap");
        return file.ClaimPart(position, length + 1, "a name").ReadText(length);
    }
}
