using AttnCrnn.IO;

namespace AttnCrnn.Formats.Hdf5.ObjectHeaders;

/// <summary>
/// Reads an array's shape, type and data location from its object header (HDF5 File Format Specification, section
/// IV.A.2.i).
/// </summary>
internal static class Hdf5DatasetHeader
{
    private const int Compact = 0;
    private const int Contiguous = 1;
    private const int Chunked = 2;
    private const int Virtual = 3;

    /// <exception cref="InvalidFileException">
    /// The array is not contiguous in this file, or its type is not supported.
    /// </exception>
    public static Hdf5Dataset Read(Hdf5Bytes file, string path, Hdf5Header header, Hdf5GlobalHeap heap)
    {
        var name = InputFile.Quote(path);
        if (header.FindSingle(Hdf5MessageType.ExternalFiles, "list of external files") is { } external)
            throw file.Error(
                external.Offset,
                $"{name}, whose values are in other files (external storage)",
                "values in this file",
                Hdf5Bytes.SaveAgain
            );
        var shape = Hdf5Shape.Read(
            file,
            name,
            RequireMessage(file, name, header, Hdf5MessageType.Dataspace, "dataspace")
        );
        var type = Hdf5NumberType.Read(
            file,
            name,
            RequireMessage(file, name, header, Hdf5MessageType.Datatype, "datatype"),
            IsMarkedBfloat16(file, header, heap)
        );
        // Cannot overflow: the shape has no more elements than the file has bytes.
        var requiredBytes = Hdf5Shape.CountElements(shape) * Hdf5NumberType.GetByteSize(type);
        var offset = FindData(
            file,
            name,
            RequireMessage(file, name, header, Hdf5MessageType.Layout, "layout"),
            requiredBytes
        );
        if (header.FindSingle(Hdf5MessageType.Filters, "filter pipeline") is { } filters)
            throw file.Error(
                filters.Offset,
                $"{name}, compressed or otherwise filtered",
                "unfiltered values",
                Hdf5Bytes.SaveAgain
            );
        return new(path, shape, type, offset, requiredBytes);
    }

    // Keras' H5Entry stores bfloat16 as opaque two-byte elements, with a dtype attribute.
    private static bool IsMarkedBfloat16(Hdf5Bytes file, Hdf5Header header, Hdf5GlobalHeap heap) =>
        Hdf5Attributes.ReadStrings(file, header, heap).TryGetValue("dtype", out var type)
        && type is { IsScalar: true, Values: [Hdf5NumberType.Bfloat16] };

    private static Hdf5Message RequireMessage(
        Hdf5Bytes file,
        string name,
        Hdf5Header header,
        Hdf5MessageType type,
        string description
    ) =>
        header.FindSingle(type, description)
        ?? throw file.Error(header.Offset, $"{name} without a {description}", "one");

    // File offset of the first element.
    private static long FindData(Hdf5Bytes file, string name, Hdf5Message message, long requiredBytes)
    {
        var layout = new Hdf5Cursor(file, message.Offset, message.Offset + message.Bytes, "a layout");
        layout.ReadVersion("layout version", 3, 5);
        var layoutClass = layout.ReadByte();
        var (position, bytes) = layoutClass switch
        {
            Compact => ReadCompact(layout),
            Contiguous => (layout.ReadAddress(), layout.ReadLength()),
            Chunked => throw CreateStorageError("in chunks"),
            Virtual => throw CreateStorageError("combined from other files (a virtual dataset)"),
            _ => throw CreateStorageError($"in layout {layoutClass}"),
        };
        if (bytes != requiredBytes)
            throw file.Error(message.Offset, $"{name} of {bytes} bytes", $"the {requiredBytes} of its shape and type");
        if (requiredBytes == 0)
            return 0;
        if (position == Hdf5Cursor.Undefined)
            throw file.Error(message.Offset, $"{name}, whose values were never written", "values", Hdf5Bytes.SaveAgain);
        if (layoutClass == Contiguous)
            file.Claim(position, bytes, name);
        return position;

        InvalidFileException CreateStorageError(string storage) =>
            file.Error(
                message.Offset,
                $"{name}, stored {storage}",
                "contiguous values in this file",
                Hdf5Bytes.SaveAgain
            );
    }

    private static (long Offset, long Bytes) ReadCompact(Hdf5Cursor layout)
    {
        var bytes = layout.ReadUInt16();
        var position = layout.Offset;
        layout.Skip(bytes);
        return (position, bytes);
    }
}
