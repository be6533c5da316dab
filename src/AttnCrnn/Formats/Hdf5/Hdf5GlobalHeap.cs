namespace AttnCrnn.Formats.Hdf5;

/// <summary>
/// The global heap, where texts of any length are (HDF5 File Format Specification, section III.E): collections of numbered objects, each collection
/// listed once, whoever asks.
/// </summary>
internal sealed class Hdf5GlobalHeap(Hdf5Bytes file)
{
    private const string What = "a global heap";
    private const int HeaderBytes = 16;

    private readonly Dictionary<long, Dictionary<int, (long At, long Bytes)>> collections = [];

    /// <summary>The text that a reference stands for.</summary>
    /// <param name="reference">At its first byte: the text's length, its collection and its number there.</param>
    /// <exception cref="InvalidFileException">It leads to nothing, or to less than it says.</exception>
    public string Text(Hdf5Cursor reference)
    {
        var from = reference.At;
        var bytes = reference.UInt32();
        var collection = reference.Address();
        var number = (int)Math.Min(reference.UInt32(), int.MaxValue);
        if (bytes == 0)
            return "";
        if (!Collection(collection).TryGetValue(number, out var place) || bytes > place.Bytes)
            throw file.Error(
                from,
                $"a text of {bytes} bytes, object {number} of the heap at byte {collection}",
                place.Bytes > 0 ? $"the {place.Bytes} that are there" : "one that is there"
            );
        return file.Part(place.At, bytes, "a text").Text(bytes);
    }

    private Dictionary<int, (long At, long Bytes)> Collection(long at)
    {
        if (collections.TryGetValue(at, out var objects))
            return objects;
        var head = file.Part(at, HeaderBytes, What);
        head.Require("GCOL"u8);
        head.Version("global heap version", 1, 1);
        head.Skip(3);
        var bytes = head.Length();
        if (bytes < HeaderBytes || bytes > file.Length - at)
            throw file.Error(at, $"{What} of {bytes} bytes", $"one within the file's {file.Length} bytes");
        return collections[at] = List(at + HeaderBytes, at + bytes);
    }

    private Dictionary<int, (long At, long Bytes)> List(long at, long end)
    {
        const int FreeSpace = 0;
        var objects = new Dictionary<int, (long At, long Bytes)>();
        while (end - at >= HeaderBytes)
        {
            var head = file.Part(at, HeaderBytes, What);
            var number = head.UInt16();
            if (number == FreeSpace)
                break; // it is the rest
            head.Skip(6);
            var bytes = head.Length();
            if (bytes > end - head.At)
                throw file.Error(at, $"a heap object of {bytes} bytes", $"one within its heap, {end - head.At} bytes");
            if (!objects.TryAdd(number, (head.At, bytes)))
                throw file.Error(at, $"a second heap object of number {number}", "one");
            at = head.At + ((bytes + 7) / 8 * 8);
        }
        return objects;
    }
}
