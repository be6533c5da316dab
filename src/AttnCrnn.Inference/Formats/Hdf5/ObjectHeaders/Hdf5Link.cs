using AttnCrnn.IO;

namespace AttnCrnn.Formats.Hdf5.ObjectHeaders;

/// <summary>A group entry: a name and the object it refers to.</summary>
/// <param name="Name">Entry name.</param>
/// <param name="Offset">File offset of the entry.</param>
/// <param name="Address">Address of the object's header.</param>
internal readonly record struct Hdf5Link(string Name, long Offset, long Address)
{
    private const int Hard = 0;
    private const int Soft = 1;
    private const int External = 64;

    /// <summary>
    /// Reads a link message: one entry of a group in the new style (HDF5 File Format Specification, section IV.A.2.g).
    /// </summary>
    /// <exception cref="InvalidFileException">The message is damaged, or the link is soft or external.</exception>
    public static Hdf5Link Read(Hdf5Bytes file, Hdf5Message message)
    {
        var link = new Hdf5Cursor(file, message.Offset, message.Offset + message.Bytes, "a link");
        link.ReadVersion("link version", 1, 1);
        var flags = link.ReadByte();
        var type = (flags & 0x08) != 0 ? link.ReadByte() : Hard;
        if ((flags & 0x04) != 0)
            link.Skip(8); // creation order
        if ((flags & 0x10) != 0)
            link.Skip(1); // ASCII or UTF-8
        var name = link.ReadText(link.ReadLength(1 << (flags & 3)));
        if (type != Hard)
            throw CreateLinkError(file, message.Offset, name, type);
        return new(name, message.Offset, link.ReadAddress());
    }

    public static InvalidFileException CreateSoftLinkError(Hdf5Bytes file, long offset, string name) =>
        CreateLinkError(file, offset, name, Soft);

    private static InvalidFileException CreateLinkError(Hdf5Bytes file, long offset, string name, int type)
    {
        var description = type switch
        {
            Soft => "a soft link",
            External => "an external link, into another file",
            _ => $"a link of type {type}",
        };
        return file.Error(
            offset,
            $"{InputFile.Quote(name)}, {description}",
            "groups and arrays in this file",
            Hdf5Bytes.SaveAgain
        );
    }
}
