namespace AttnCrnn.Formats;

/// <summary>
/// The global heap, where texts of any length are (HDF5 File Format Specification, section III.E): collections of numbered objects, each collection
/// listed once, whoever asks.
/// </summary>
internal sealed class Hdf5GlobalHeap(Hdf5Bytes file)
{
    private const string What = "a global heap";
    private const int HeadBytes = 16;

    private readonly Dictionary<long, Dictionary<int, (long At, long Bytes)>> collections = [];

    /// <summary>The text that a reference stands for.</summary>
    /// <param name="reference">At its first byte: the text's length, its collection and its number there.</param>
    /// <exception cref="BadFileException">It leads to nothing, or to less than it says.</exception>
    public string Text(Hdf5Cursor reference)
    {
        var from = reference.At;
        var bytes = reference.UInt32();
        var collection = reference.Address();
        var number = (int)Math.Min(reference.UInt32(), int.MaxValue);
        if (bytes == 0) return "";
        if (!Collection(collection).TryGetValue(number, out var place) || bytes > place.Bytes)
            throw file.Fault(from, $"a text of {bytes} bytes, object {number} of the heap at byte {collection}", place.Bytes > 0 ? $"the {place.Bytes} that are there" : "one that is there");
        return file.Part(place.At, bytes, "a text").Text(bytes);
    }

    private Dictionary<int, (long At, long Bytes)> Collection(long at)
    {
        if (collections.TryGetValue(at, out var objects)) return objects;
        var head = file.Part(at, HeadBytes, What);
        head.Require("GCOL"u8);
        head.Version("global heap version", 1, 1);
        head.Skip(3);
        var bytes = head.Length();
        if (bytes < HeadBytes || bytes > file.Length - at) throw file.Fault(at, $"{What} of {bytes} bytes", $"one within the file's {file.Length} bytes");
        return collections[at] = List(at + HeadBytes, at + bytes);
    }

    private Dictionary<int, (long At, long Bytes)> List(long at, long end)
    {
        const int FreeSpace = 0;
        var objects = new Dictionary<int, (long At, long Bytes)>();
        while (end - at >= HeadBytes)
        {
            var head = file.Part(at, HeadBytes, What);
            var number = head.UInt16();
            if (number == FreeSpace) break; // it is the rest
            head.Skip(6);
            var bytes = head.Length();
            if (bytes > end - head.At) throw file.Fault(at, $"a heap object of {bytes} bytes", $"one within its heap, {end - head.At} bytes");
            if (!objects.TryAdd(number, (head.At, bytes))) throw file.Fault(at, $"a second heap object of number {number}", "one");
            at = head.At + ((bytes + 7) / 8 * 8);
        }
        return objects;
    }
}
