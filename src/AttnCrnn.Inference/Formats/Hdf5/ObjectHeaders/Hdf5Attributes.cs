using AttnCrnn.IO;

namespace AttnCrnn.Formats.Hdf5.ObjectHeaders;

/// <summary>
/// Reads an object's scalar string attributes, of fixed or variable length (HDF5 File Format Specification, section
/// IV.A.2.m).
/// </summary>
internal static class Hdf5Attributes
{
    private const int Text = 3;
    private const int Sequence = 9;
    private const int SharedParts = 3;

    /// <exception cref="InvalidFileException">An attribute is damaged, or attributes are in dense storage.</exception>
    public static Dictionary<string, string> ReadStrings(Hdf5Bytes file, Hdf5Header header, Hdf5GlobalHeap heap)
    {
        RequireCompact(file, header);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var message in header.Messages)
            if (
                message.Type == Hdf5MessageType.Attribute
                && Read(file, message, heap) is var (name, text)
                && !texts.TryAdd(name, text)
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

    // Name and value, or null if the attribute is not a scalar string.
    private static (string Name, string Value)? Read(Hdf5Bytes file, Hdf5Message message, Hdf5GlobalHeap heap)
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
        return ReadText(type, space, content, heap) is { } text ? (name, text) : null;

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

    private static string? ReadText(Hdf5Cursor type, Hdf5Cursor space, Hdf5Cursor content, Hdf5GlobalHeap heap)
    {
        const int NoDimensions = 0;
        var dataClass = type.ReadByte() & 0x0F;
        var bits = type.ReadByte();
        type.Skip(2);
        var bytes = type.ReadUInt32();
        space.Skip(1); // its version
        if (space.ReadByte() != NoDimensions)
            return null;
        if (dataClass == Text)
            return content.ReadText(bytes, (bits & 0x0F) == 2 ? ' ' : '\0');
        return dataClass == Sequence && (bits & 0x0F) == 1 ? heap.ReadText(content) : null;
    }
}
