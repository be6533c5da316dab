namespace AttnCrnn.Formats.Hdf5.ObjectHeaders;

/// <summary>
/// Reads numeric datatype messages (HDF5 File Format Specification, section IV.A.2.d), with NumPy's and Keras' type
/// names.
/// </summary>
internal static class Hdf5NumberType
{
    public const string Bfloat16 = "bfloat16";

    private const int FixedPoint = 0;
    private const int FloatingPoint = 1;
    private const int Opaque = 5;

    private static readonly string[] Classes =
    [
        "integers",
        "floating-point numbers",
        "times",
        "strings",
        "bit fields",
        "opaque bytes",
        "records",
        "references",
        "enumerated values",
        "sequences",
        "arrays",
        "complex numbers",
    ];

    private static readonly Dictionary<string, int> Sizes = new()
    {
        ["float16"] = 2,
        [Bfloat16] = 2,
        ["float32"] = 4,
        ["float64"] = 8,
        ["int32"] = 4,
        ["uint32"] = 4,
        ["int64"] = 8,
    };

    // Bit layout of little-endian floating-point types: sign position, then exponent, mantissa and bias as in the
    // message.
    private static readonly Dictionary<
        (int Sign, int ExponentAt, int ExponentBits, int MantissaAt, int MantissaBits, uint Bias),
        string
    > Floats = new()
    {
        [(15, 10, 5, 0, 10, 15)] = "float16",
        [(15, 7, 8, 0, 7, 127)] = Bfloat16,
        [(31, 23, 8, 0, 23, 127)] = "float32",
        [(63, 52, 11, 0, 52, 1023)] = "float64",
    };

    /// <summary>Bytes per element of a supported type.</summary>
    public static int GetByteSize(string type) => Sizes[type];

    /// <param name="name">The array's name for messages.</param>
    /// <param name="isBfloat16">Whether two-byte elements are bfloat16, according to the array's attributes.</param>
    /// <exception cref="InvalidFileException">The message is damaged, or the type is not supported.</exception>
    public static string Read(Hdf5Bytes file, string name, Hdf5Message message, bool isBfloat16)
    {
        var type = new Hdf5Cursor(file, message.Offset, message.Offset + message.Bytes, "a datatype");
        var dataClass = type.ReadByte() & 0x0F; // the upper bits are the version, which does not matter here
        var bits = type.ReadByte() | (type.ReadByte() << 8) | (type.ReadByte() << 16);
        var bytes = type.ReadUInt32();
        if (dataClass is FixedPoint or FloatingPoint && (bits & (dataClass == FixedPoint ? 0x01 : 0x41)) != 0)
            throw file.Error(
                message.Offset,
                $"{name} of big-endian numbers",
                "little-endian ones",
                Hdf5Bytes.SaveAgain
            );
        var found = dataClass switch
        {
            FixedPoint => isBfloat16 && bytes == 2 ? Bfloat16 : ReadInteger(type, bits, bytes),
            FloatingPoint => ReadFloatingPoint(type, bits, bytes),
            Opaque => isBfloat16 && bytes == 2 ? Bfloat16 : null,
            _ => null,
        };
        return found
            ?? throw file.Error(
                message.Offset,
                $"{name} of {(dataClass < Classes.Length ? Classes[dataClass] : $"class {dataClass}")}, "
                    + $"{bytes} bytes each",
                string.Join(", ", Sizes.Keys),
                "load the model in Keras and save it again with float32 weights"
            );
    }

    private static string? ReadInteger(Hdf5Cursor type, int bits, uint bytes)
    {
        if (type.ReadUInt16() != 0 || type.ReadUInt16() != 8 * bytes)
            return null;
        var signed = (bits & 0x08) != 0;
        return bytes switch
        {
            4 => signed ? "int32" : "uint32",
            8 when signed => "int64",
            _ => null,
        };
    }

    private static string? ReadFloatingPoint(Hdf5Cursor type, int bits, uint bytes)
    {
        const int LeadingOneImplied = 2;
        if (type.ReadUInt16() != 0 || type.ReadUInt16() != 8 * bytes || ((bits >> 4) & 3) != LeadingOneImplied)
            return null;
        return
            Floats.TryGetValue(
                (bits >> 8, type.ReadByte(), type.ReadByte(), type.ReadByte(), type.ReadByte(), type.ReadUInt32()),
                out var name
            )
            && Sizes[name] == bytes
            ? name
            : null;
    }
}
