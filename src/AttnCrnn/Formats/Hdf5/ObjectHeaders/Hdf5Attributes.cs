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
        if (header.Single(Hdf5MessageType.AttributeInfo, "attribute info") is not { } message)
            return;
        var info = new Hdf5Cursor(file, message.Offset, message.Offset + message.Bytes, "attribute info");
        info.Version("attribute info version", 0, 0);
        if ((info.Byte() & 1) != 0)
            info.Skip(2); // maximum creation index
        if (info.Address() != Hdf5Cursor.Undefined)
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
            throw Shared();
        var content = new Hdf5Cursor(file, message.Offset, message.Offset + message.Bytes, "an attribute");
        var version = content.Version("attribute version", 1, 3);
        var flags = content.Byte();
        if (version > 1 && (flags & SharedParts) != 0)
            throw Shared();
        var nameBytes = content.UInt16();
        var typeBytes = content.UInt16();
        var spaceBytes = content.UInt16();
        if (version == 3)
            content.Skip(1); // ASCII or UTF-8
        var name = content.Text(Padded(nameBytes));
        var type = Cut(typeBytes);
        var space = Cut(spaceBytes);
        return ReadText(type, space, content, heap) is { } text ? (name, text) : null;

        long Padded(int bytes) => version == 1 ? (bytes + 7) / 8 * 8 : bytes;

        Hdf5Cursor Cut(int bytes)
        {
            var start = content.Offset;
            content.Skip(Padded(bytes));
            return new(file, start, start + bytes, "an attribute");
        }

        InvalidFileException Shared() =>
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
        var kind = type.Byte() & 0x0F;
        var bits = type.Byte();
        type.Skip(2);
        var bytes = type.UInt32();
        space.Skip(1); // its version
        if (space.Byte() != NoDimensions)
            return null;
        if (kind == Text)
            return content.Text(bytes, (bits & 0x0F) == 2 ? ' ' : '\0');
        return kind == Sequence && (bits & 0x0F) == 1 ? heap.Text(content) : null;
    }
}
