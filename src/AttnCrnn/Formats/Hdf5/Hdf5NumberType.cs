using System.Buffers.Binary;

namespace AttnCrnn.Formats.Hdf5;

/// <summary>A datatype message of numbers (HDF5 File Format Specification, section IV.A.2.d), named as NumPy and Keras name the types.</summary>
internal static class Hdf5NumberType
{
    public const string Bfloat16 = "bfloat16";

    private const int FixedPoint = 0;
    private const int FloatingPoint = 1;
    private const int Opaque = 5;

    private static readonly string[] Classes =
    [
        "whole numbers",
        "floating-point numbers",
        "times",
        "texts",
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

    // Of a little-endian number that fills its bytes: where the sign is, then what the message's properties say of exponent, mantissa and bias.
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

    /// <summary>Bytes an element of a type that was read.</summary>
    public static int Bytes(string type) => Sizes[type];

    /// <param name="name">Of the array, as messages show it.</param>
    /// <param name="isBfloat16">Whether the array says so: its two bytes an element, of whatever type, are then such a number.</param>
    /// <exception cref="InvalidFileException">It is damaged, or another type.</exception>
    public static string Read(Hdf5Bytes file, string name, Hdf5Message message, bool isBfloat16)
    {
        var type = new Hdf5Cursor(file, message.At, message.At + message.Bytes, "a datatype");
        var kind = type.Byte() & 0x0F; // above it the version, which changes nothing in these
        var bits = type.Byte() | (type.Byte() << 8) | (type.Byte() << 16);
        var bytes = type.UInt32();
        if (kind is FixedPoint or FloatingPoint && (bits & (kind == FixedPoint ? 0x01 : 0x41)) != 0)
            throw file.Error(message.At, $"{name} of big-endian numbers", "little-endian ones", Hdf5Bytes.SaveAgain);
        var found = kind switch
        {
            FixedPoint => isBfloat16 && bytes == 2 ? Bfloat16 : Integer(type, bits, bytes),
            FloatingPoint => Floating(type, bits, bytes),
            Opaque => isBfloat16 && bytes == 2 ? Bfloat16 : null,
            _ => null,
        };
        return found
            ?? throw file.Error(
                message.At,
                $"{name} of {(kind < Classes.Length ? Classes[kind] : $"class {kind}")}, {bytes} bytes each",
                string.Join(", ", Sizes.Keys),
                "load the model in Keras and save it again with float32 weights"
            );
    }

    private static string? Integer(Hdf5Cursor type, int bits, uint bytes)
    {
        if (type.UInt16() != 0 || type.UInt16() != 8 * bytes)
            return null;
        var signed = (bits & 0x08) != 0;
        return bytes switch
        {
            4 => signed ? "int32" : "uint32",
            8 when signed => "int64",
            _ => null,
        };
    }

    private static string? Floating(Hdf5Cursor type, int bits, uint bytes)
    {
        const int LeadingOneImplied = 2;
        if (type.UInt16() != 0 || type.UInt16() != 8 * bytes || ((bits >> 4) & 3) != LeadingOneImplied)
            return null;
        return
            Floats.TryGetValue(
                (bits >> 8, type.Byte(), type.Byte(), type.Byte(), type.Byte(), type.UInt32()),
                out var name
            )
            && Sizes[name] == bytes
            ? name
            : null;
    }
}
