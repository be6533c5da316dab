namespace AttnCrnn.Formats.Hdf5;

/// <summary>A dataspace message: how many elements in each dimension (HDF5 File Format Specification, section IV.A.2.b).</summary>
internal static class Hdf5Shape
{
    private const int MaxDimensions = 32; // HDF5's own limit
    private const int Null = 2;

    /// <param name="name">Of the array, as messages show it.</param>
    /// <exception cref="InvalidFileException">It is damaged, of no elements by its kind, or of more than the file has bytes.</exception>
    public static long[] Read(Hdf5Bytes file, string name, Hdf5Message message)
    {
        var space = new Hdf5Cursor(file, message.At, message.At + message.Bytes, "a dataspace");
        var start = space.At;
        var version = space.Version("dataspace version", 1, 2);
        var dimensions = space.Byte();
        if (dimensions > MaxDimensions)
            throw file.Error(start, $"{name} of {dimensions} dimensions", $"at most {MaxDimensions}");
        space.Skip(1); // whether it may grow
        if (version == 1)
            space.Skip(5);
        else if (space.Byte() == Null)
            throw file.Error(start, $"{name} of no shape (a null dataspace)", "an array", Hdf5Bytes.SaveAgain);
        var shape = new long[dimensions];
        foreach (ref var size in shape.AsSpan())
            size = space.Length();
        if (!shape.Contains(0) && Product(shape) > (UInt128)file.Length)
            throw file.Error(
                start,
                $"{name} of [{string.Join(", ", shape)}]",
                $"no more elements than the file's {file.Length} bytes"
            );
        return shape;
    }

    /// <summary>Elements of a shape that was read.</summary>
    public static long Count(long[] shape) => shape.Contains(0) ? 0 : (long)Product(shape);

    private static UInt128 Product(long[] shape)
    {
        UInt128 product = 1;
        foreach (var size in shape)
        {
            product *= (UInt128)size;
            if (product > (UInt128)long.MaxValue)
                return UInt128.MaxValue; // before it comes round
        }
        return product;
    }
}
