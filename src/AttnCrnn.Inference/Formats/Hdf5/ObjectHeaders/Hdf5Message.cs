namespace AttnCrnn.Formats.Hdf5.ObjectHeaders;

/// <summary>One message of an object header: a property of the object.</summary>
/// <param name="Offset">File offset of its content.</param>
internal readonly record struct Hdf5Message(Hdf5MessageType Type, Hdf5MessageFlags Flags, long Offset, int Bytes);

/// <summary>Message types of the HDF5 File Format Specification, section IV.A.2.</summary>
internal enum Hdf5MessageType
{
    Nothing = 0x00,
    Dataspace = 0x01,
    LinkInfo = 0x02,
    Datatype = 0x03,
    Link = 0x06,
    ExternalFiles = 0x07,
    Layout = 0x08,
    Filters = 0x0B,
    Attribute = 0x0C,
    Continuation = 0x10,
    SymbolTable = 0x11,
    AttributeInfo = 0x15,
}

[Flags]
internal enum Hdf5MessageFlags
{
    None = 0,

    /// <summary>The content is the address of the actual message.</summary>
    Shared = 0x02,

    /// <summary>Readers that do not know the message type must not read the object.</summary>
    MustBeKnown = 0x80,
}
