using AttnCrnn.IO;

namespace AttnCrnn.Formats.Hdf5.ObjectHeaders;

/// <summary>
/// Reads an object's string attributes, scalars and lists, of fixed or variable length (HDF5 File Format Specification,
/// section IV.A.2.m).
/// </summary>
internal static class Hdf5Attributes
{
    private const int MaxStrings = 10_000; // Keras names the weights of one layer, and the layers of a model
    private const int ReferenceBytes = 16; // of a string of variable length
    private const int Text = 3;
    private const int Sequence = 9;
    private const int SharedParts = 3;

    /// <summary>The strings of each attribute; a scalar has one.</summary>
    /// <exception cref="InvalidFileException">An attribute is damaged, or attributes are in dense storage.</exception>
    public static Dictionary<string, Hdf5Strings> ReadStrings(Hdf5Bytes file, Hdf5Header header, Hdf5GlobalHeap heap)
    {
        RequireCompact(file, header);
        var texts = new Dictionary<string, Hdf5Strings>(StringComparer.Ordinal);
        foreach (var message in header.Messages)
            if (
                message.Type == Hdf5MessageType.Attribute
                && Read(file, message, heap) is var (name, strings)
                && !texts.TryAdd(name, strings)
            )
                throw file.Error(message.Offset, $"two attributes named {InputFile.Quote(name)}", "one");
        return texts;
    }

    private static void RequireCompact(Hdf5Bytes file, Hdf5Header header)
    {
        if (header.FindSingle(Hdf5MessageType.AttributeInfo, "attribute info") is not { } message)
            return;
        var info = new Hdf5Cursor(file, message.Offset, message.Offset + message.Bytes, "attribute info");
        info.ReadVersion("attribute info version", 0, 0);
        if ((info.ReadByte() & 1) != 0)
            info.Skip(2); // maximum creation index
        if (info.ReadAddress() != Hdf5Cursor.Undefined)
            throw file.Error(
                message.Offset,
                "many attributes in dense storage (a fractal heap)",
                "attributes in the object's header",
                Hdf5Bytes.SaveAgain
            );
    }

    // Name and value, or null if the attribute is neither a string nor a list of strings.
    private static (string Name, Hdf5Strings Value)? Read(Hdf5Bytes file, Hdf5Message message, Hdf5GlobalHeap heap)
    {
        if (message.Flags.HasFlag(Hdf5MessageFlags.Shared))
            throw CreateSharedError();
        var content = new Hdf5Cursor(file, message.Offset, message.Offset + message.Bytes, "an attribute");
        var version = content.ReadVersion("attribute version", 1, 3);
        var flags = content.ReadByte();
        if (version > 1 && (flags & SharedParts) != 0)
            throw CreateSharedError();
        var nameBytes = content.ReadUInt16();
        var typeBytes = content.ReadUInt16();
        var spaceBytes = content.ReadUInt16();
        if (version == 3)
            content.Skip(1); // ASCII or UTF-8
        var name = content.ReadText(PadLength(nameBytes));
        var type = ReadPart(typeBytes);
        var space = ReadPart(spaceBytes);
        return ReadValue(file, type, space, content, heap) is { } strings ? (name, strings) : null;

        long PadLength(int bytes) => version == 1 ? (bytes + 7) / 8 * 8 : bytes;

        Hdf5Cursor ReadPart(int bytes)
        {
            var start = content.Offset;
            content.Skip(PadLength(bytes));
            return new(file, start, start + bytes, "an attribute");
        }

        InvalidFileException CreateSharedError() =>
            file.Error(
                message.Offset,
                "a shared attribute, stored elsewhere",
                "an attribute in the object's own header",
                Hdf5Bytes.SaveAgain
            );
    }

    private static Hdf5Strings? ReadValue(
        Hdf5Bytes file,
        Hdf5Cursor type,
        Hdf5Cursor space,
        Hdf5Cursor content,
        Hdf5GlobalHeap heap
    )
    {
        var dataClass = type.ReadByte() & 0x0F;
        var bits = type.ReadByte();
        type.Skip(2);
        var bytes = type.ReadUInt32();
        var isReference = dataClass == Sequence && (bits & 0x0F) == 1;
        if (dataClass != Text && !isReference)
            return null;
        var count = ReadCount(file, space, isReference ? ReferenceBytes : bytes, content);
        if (count is null)
            return null;
        var padding = (bits & 0x0F) == 2 ? ' ' : '\0';
        var values = new string[count.Value.Strings];
        foreach (ref var value in values.AsSpan())
            value = isReference ? heap.ReadText(content) : content.ReadText(bytes, padding);
        return new(values, count.Value.IsScalar);
    }

    // Number of strings in an attribute; null for more than one dimension.
    private static (int Strings, bool IsScalar)? ReadCount(
        Hdf5Bytes file,
        Hdf5Cursor space,
        long bytesPerString,
        Hdf5Cursor content
    )
    {
        const int HeaderBytesVersion1 = 5;
        var start = space.Offset;
        var version = space.ReadByte();
        var dimensions = space.ReadByte();
        if (dimensions == 0)
            return (1, true);
        if (dimensions > 1)
            return null;
        space.Skip(1 + (version == 1 ? HeaderBytesVersion1 : 1));
        var count = space.ReadLength();
        // Before anything is allocated: strings of no bytes would fit any number of times.
        if (
            count > MaxStrings
            || count > 0 && bytesPerString == 0
            || (UInt128)count * (UInt128)bytesPerString > (UInt128)content.Remaining
        )
            throw file.Error(
                start,
                $"an attribute of {count} strings of {bytesPerString} bytes",
                $"at most {MaxStrings}, within the attribute's {content.Remaining} bytes"
            );
        return ((int)count, false);
    }
}
