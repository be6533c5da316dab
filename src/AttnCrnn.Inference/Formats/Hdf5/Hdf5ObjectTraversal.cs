using AttnCrnn.Formats.Hdf5.ObjectHeaders;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.Hdf5;

/// <summary>Visits every object of an HDF5 file once, following the links from the root group.</summary>
internal sealed class Hdf5ObjectTraversal(Hdf5Bytes file)
{
    private const int MaxObjects = 20_000; // a network of a hundred layers, with its optimizer, has about a thousand
    private const int MaxPathLength = 512; // characters; bounds the memory of all paths

    private readonly Hdf5GlobalHeap heap = new(file);
    private readonly HashSet<long> visitedAddresses = [];
    private readonly HashSet<string> paths = new(StringComparer.Ordinal);
    private readonly Stack<(string Path, long Address)> pending = new();

    public List<Hdf5Group> Groups { get; } = [];

    public List<Hdf5Dataset> Datasets { get; } = [];

    /// <param name="root">The address of the root group's header.</param>
    public void Run(long root)
    {
        Visit("", new("", 0, root));
        while (pending.TryPop(out var next))
            Read(next.Path, next.Address);
    }

    private void Read(string path, long address)
    {
        var header = Hdf5Header.Read(file, address);
        var isGroup =
            header.Contains(Hdf5MessageType.SymbolTable)
            || header.Contains(Hdf5MessageType.LinkInfo)
            || header.Contains(Hdf5MessageType.Link);
        var isDataset = header.Contains(Hdf5MessageType.Layout);
        if (isGroup == isDataset || (path.Length == 0 && isDataset))
            throw file.Error(
                address,
                $"{QuotePath(path)}, {DescribeKind(isGroup, isDataset)}",
                "a group or an array, and a group at the root",
                Hdf5Bytes.SaveAgain
            );
        if (isDataset)
            Datasets.Add(Hdf5DatasetHeader.Read(file, path, header, heap));
        else
            ReadGroup(path, header);
    }

    private void ReadGroup(string path, Hdf5Header header)
    {
        RequireCompact(path, header);
        Groups.Add(new(path, Hdf5Attributes.ReadStrings(file, header, heap)));
        if (header.FindSingle(Hdf5MessageType.SymbolTable, "symbol table") is { } table)
            foreach (var link in Hdf5SymbolTable.ReadLinks(file, table))
                Visit(path, link);
        foreach (var message in header.Messages)
            if (message.Type == Hdf5MessageType.Link)
                Visit(path, Hdf5Link.Read(file, message));
    }

    private void RequireCompact(string path, Hdf5Header header)
    {
        if (header.FindSingle(Hdf5MessageType.LinkInfo, "link info") is not { } message)
            return;
        var info = new Hdf5Cursor(file, message.Offset, message.Offset + message.Bytes, "a group's link info");
        info.ReadVersion("link info version", 0, 0);
        if ((info.ReadByte() & 1) != 0)
            info.Skip(8); // maximum creation index
        if (info.ReadAddress() != Hdf5Cursor.Undefined)
            throw file.Error(
                message.Offset,
                $"{QuotePath(path)}, a group of many entries in dense storage (a fractal heap)",
                "a symbol table or links in its header",
                "load the model in Keras and save it again: Keras and h5py write such groups only with libver='latest'"
            );
    }

    private void Visit(string parent, Hdf5Link link)
    {
        var isRoot = paths.Count == 0;
        if (
            !isRoot
            && (link.Name.Length == 0 || link.Name is "." or ".." || link.Name.Contains('/', StringComparison.Ordinal))
        )
            throw file.Error(
                link.Offset,
                $"an entry named {InputFile.Quote(link.Name)} in {QuotePath(parent)}",
                "a name",
                Hdf5Bytes.SaveAgain
            );
        var path = parent.Length == 0 ? link.Name : $"{parent}/{link.Name}";
        if (path.Length > MaxPathLength)
            throw file.Error(
                link.Offset,
                $"a path of {path.Length} characters, {QuotePath(path)}",
                $"at most {MaxPathLength}",
                Hdf5Bytes.SaveAgain
            );
        if (!paths.Add(path))
            throw file.Error(link.Offset, $"two entries named {QuotePath(path)}", "one");
        if (paths.Count > MaxObjects)
            throw file.Error(
                link.Offset,
                $"more than {MaxObjects} groups and arrays",
                "fewer",
                "use a smaller model: networks of this architecture have fewer"
            );
        if (link.Address == Hdf5Cursor.Undefined)
            throw file.Error(link.Offset, $"{QuotePath(path)}, which has no address", "an address");
        if (!visitedAddresses.Add(link.Address))
            throw file.Error(
                link.Offset,
                $"{QuotePath(path)}, a second link to an object (a cycle, or one array under two names)",
                "every object once",
                Hdf5Bytes.SaveAgain
            );
        pending.Push((path, link.Address));
    }

    private static string DescribeKind(bool isGroup, bool isDataset) =>
        isGroup ? "a group and an array in one"
        : isDataset ? "an array"
        : "neither a group nor an array";

    private static string QuotePath(string path) => path.Length == 0 ? "the root group" : InputFile.Quote(path);
}
