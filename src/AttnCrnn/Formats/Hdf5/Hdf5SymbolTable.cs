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
    private readonly HashSet<long> nodesSeen = [];
    private long namesAt;
    private long namesEnd;

    private Hdf5SymbolTable(Hdf5Bytes file) => this.file = file;

    /// <summary>The group's entries, in B-tree order.</summary>
    /// <param name="message">The group's symbol table message.</param>
    /// <exception cref="InvalidFileException">The table is damaged, contains a cycle, or has a soft link.</exception>
    public static IEnumerable<Hdf5Link> Links(Hdf5Bytes file, Hdf5Message message)
    {
        var table = new Hdf5SymbolTable(file);
        var addresses = new Hdf5Cursor(file, message.Offset, message.Offset + message.Bytes, "a symbol table");
        var tree = addresses.Address();
        table.OpenHeap(addresses.Address());
        return table.Traverse(tree);
    }

    private void OpenHeap(long position)
    {
        var heap = file.Part(position, 32, "a local heap");
        heap.Require("HEAP"u8);
        heap.Version("local heap version", 0, 0);
        heap.Skip(3);
        var bytes = heap.Length();
        heap.Skip(8); // free space
        namesAt = heap.Address();
        if (namesAt < 0 || bytes > file.Length - namesAt)
            throw file.Error(
                position,
                $"a local heap of {bytes} bytes at byte {namesAt}",
                $"one within the file's {file.Length} bytes"
            );
        namesEnd = namesAt + bytes;
    }

    private IEnumerable<Hdf5Link> Traverse(long tree)
    {
        // The level of a node is one less than that of its parent; -1 stands for the root's unknown level.
        var nodes = new Stack<(long Offset, int Level)>();
        nodes.Push((tree, -1));
        while (nodes.TryPop(out var node))
        {
            if (!nodesSeen.Add(node.Offset))
                throw file.Error(node.Offset, "a group whose tree contains itself", "every node once");
            if (node.Level == 0)
            {
                foreach (var link in Leaf(node.Offset))
                    yield return link;
                continue;
            }
            var (level, children) = Branch(node.Offset);
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

    private (int Level, long[] Children) Branch(long position)
    {
        var head = file.Part(position, 24, "a group's tree");
        head.Require("TREE"u8);
        head.Version("kind of tree", 0, 0);
        var level = head.Byte();
        var children = new long[head.UInt16()];
        var rest = file.Part(position + 24, 8 + (16L * children.Length), "a group's tree");
        for (var i = 0; i < children.Length; i++)
        {
            rest.Skip(8); // key: the tree is read completely, not searched
            children[i] = rest.Address();
        }
        return (level, children);
    }

    private IEnumerable<Hdf5Link> Leaf(long position)
    {
        var head = file.Part(position, 8, "a symbol-table node");
        head.Require("SNOD"u8);
        head.Version("symbol-table node version", 1, 1);
        head.Skip(1);
        var count = head.UInt16();
        var entries = file.Part(position + 8, (long)EntryBytes * count, "a symbol-table node");
        for (var i = 0; i < count; i++)
        {
            var start = entries.Offset;
            var name = Name(entries.Length(), start);
            var address = entries.Address();
            if (entries.UInt32() == SoftLinkCache)
                throw Hdf5Link.SoftLink(file, start, name);
            entries.Skip(20); // cached properties of the object
            yield return new(name, start, address);
        }
    }

    private string Name(long offset, long entryAt)
    {
        if (offset > namesEnd - namesAt)
            throw file.Error(
                entryAt,
                $"a name at byte {offset} of its heap",
                $"one within its {namesEnd - namesAt} bytes"
            );
        var position = namesAt + offset;
        var length = file.Span(position, namesEnd - position).IndexOf((byte)0);
        if (length < 0)
            throw file.Error(position, "an unterminated name", "a name that ends within its heap");
        return file.Part(position, length + 1, "a name").Text(length);
    }
}
