namespace AttnCrnn.Formats.Hdf5;

/// <summary>
/// The global heap, which holds strings of variable length (HDF5 File Format Specification, section III.E). Each
/// collection of objects is read once and cached.
/// </summary>
internal sealed class Hdf5GlobalHeap(Hdf5Bytes file)
{
    private const string Description = "a global heap";
    private const int HeaderBytes = 16;

    private readonly Dictionary<long, Dictionary<int, (long Offset, long Bytes)>> collections = [];

    /// <summary>Reads a referenced string.</summary>
    /// <param name="reference">Cursor at the reference: string length, collection address and object index.</param>
    /// <exception cref="InvalidFileException">The object does not exist, or is shorter than the string.</exception>
    public string ReadText(Hdf5Cursor reference)
    {
        var start = reference.Offset;
        var bytes = reference.ReadUInt32();
        var collection = reference.ReadAddress();
        var number = (int)Math.Min(reference.ReadUInt32(), int.MaxValue);
        if (bytes == 0)
            return "";
        if (!ReadCollection(collection).TryGetValue(number, out var location) || bytes > location.Bytes)
            throw file.Error(
                start,
                $"a string of {bytes} bytes, object {number} of the heap at byte {collection}",
                location.Bytes > 0 ? $"at most its {location.Bytes} bytes" : "an existing object"
            );
        return file.ClaimPart(location.Offset, bytes, "a string").ReadText(bytes);
    }

    private Dictionary<int, (long Offset, long Bytes)> ReadCollection(long offset)
    {
        if (collections.TryGetValue(offset, out var objects))
            return objects;
        var head = file.ClaimPart(offset, HeaderBytes, Description);
        head.Require("GCOL"u8);
        head.ReadVersion("global heap version", 1, 1);
        head.Skip(3);
        var bytes = head.ReadLength();
        if (bytes < HeaderBytes || bytes > file.Length - offset)
            throw file.Error(offset, $"{Description} of {bytes} bytes", $"one within the file's {file.Length} bytes");
        return collections[offset] = ReadObjects(offset + HeaderBytes, offset + bytes);
    }

    private Dictionary<int, (long Offset, long Bytes)> ReadObjects(long offset, long end)
    {
        const int FreeSpace = 0;
        var objects = new Dictionary<int, (long Offset, long Bytes)>();
        while (end - offset >= HeaderBytes)
        {
            var head = file.ClaimPart(offset, HeaderBytes, Description);
            var number = head.ReadUInt16();
            if (number == FreeSpace)
                break; // free space fills the rest of the collection
            head.Skip(6);
            var bytes = head.ReadLength();
            if (bytes > end - head.Offset)
                throw file.Error(
                    offset,
                    $"a heap object of {bytes} bytes",
                    $"one within its heap, {end - head.Offset} bytes"
                );
            if (!objects.TryAdd(number, (head.Offset, bytes)))
                throw file.Error(offset, $"a second heap object with index {number}", "one");
            offset = head.Offset + ((bytes + 7) / 8 * 8);
        }
        return objects;
    }
}
