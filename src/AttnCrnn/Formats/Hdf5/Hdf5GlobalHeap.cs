namespace AttnCrnn.Formats.Hdf5;

/// <summary>
/// The global heap, which holds strings of variable length (HDF5 File Format Specification, section III.E). Each
/// collection of objects is read once and cached.
/// </summary>
internal sealed class Hdf5GlobalHeap(Hdf5Bytes file)
{
    private const string What = "a global heap";
    private const int HeaderBytes = 16;

    private readonly Dictionary<long, Dictionary<int, (long At, long Bytes)>> collections = [];

    /// <summary>Reads a referenced string.</summary>
    /// <param name="reference">Cursor at the reference: string length, collection address and object index.</param>
    /// <exception cref="InvalidFileException">The object does not exist, or is shorter than the string.</exception>
    public string Text(Hdf5Cursor reference)
    {
        var start = reference.At;
        var bytes = reference.UInt32();
        var collection = reference.Address();
        var number = (int)Math.Min(reference.UInt32(), int.MaxValue);
        if (bytes == 0)
            return "";
        if (!Collection(collection).TryGetValue(number, out var place) || bytes > place.Bytes)
            throw file.Error(
                start,
                $"a string of {bytes} bytes, object {number} of the heap at byte {collection}",
                place.Bytes > 0 ? $"at most its {place.Bytes} bytes" : "an existing object"
            );
        return file.Part(place.At, bytes, "a string").Text(bytes);
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
                break; // free space fills the rest of the collection
            head.Skip(6);
            var bytes = head.Length();
            if (bytes > end - head.At)
                throw file.Error(at, $"a heap object of {bytes} bytes", $"one within its heap, {end - head.At} bytes");
            if (!objects.TryAdd(number, (head.At, bytes)))
                throw file.Error(at, $"a second heap object with index {number}", "one");
            at = head.At + ((bytes + 7) / 8 * 8);
        }
        return objects;
    }
}
