namespace AttnCrnn.Formats.Hdf5.ObjectHeaders;

/// <summary>Reads dataspace messages (array shapes; HDF5 File Format Specification, section IV.A.2.b).</summary>
internal static class Hdf5Shape
{
    private const int MaxDimensions = 32; // limit of HDF5
    private const int Null = 2;

    /// <param name="name">The array's name for messages.</param>
    /// <exception cref="InvalidFileException">
    /// The message is damaged, is a null dataspace, or has more elements than the file has bytes.
    /// </exception>
    public static long[] Read(Hdf5Bytes file, string name, Hdf5Message message)
    {
        var space = new Hdf5Cursor(file, message.Offset, message.Offset + message.Bytes, "a dataspace");
        var start = space.Offset;
        var version = space.ReadVersion("dataspace version", 1, 2);
        var dimensions = space.ReadByte();
        if (dimensions > MaxDimensions)
            throw file.Error(start, $"{name} of {dimensions} dimensions", $"at most {MaxDimensions}");
        space.Skip(1); // flags
        if (version == 1)
            space.Skip(5);
        else if (space.ReadByte() == Null)
            throw file.Error(start, $"{name} of no shape (a null dataspace)", "an array", Hdf5Bytes.SaveAgain);
        var shape = new long[dimensions];
        foreach (ref var size in shape.AsSpan())
            size = space.ReadLength();
        if (!shape.Contains(0) && Multiply(shape) > (UInt128)file.Length)
            throw file.Error(
                start,
                $"{name} of [{string.Join(", ", shape)}]",
                $"no more elements than the file's {file.Length} bytes"
            );
        return shape;
    }

    /// <summary>Number of elements of a validated shape.</summary>
    public static long CountElements(long[] shape) => shape.Contains(0) ? 0 : (long)Multiply(shape);

    private static UInt128 Multiply(long[] shape)
    {
        UInt128 product = 1;
        foreach (var size in shape)
        {
            product *= (UInt128)size;
            if (product > (UInt128)long.MaxValue)
                return UInt128.MaxValue; // before it overflows
        }
        return product;
    }
}
