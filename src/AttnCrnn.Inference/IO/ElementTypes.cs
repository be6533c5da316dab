using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace AttnCrnn.IO;

/// <summary>Element types of checkpoints, by their safetensors names, and their conversion to float32.</summary>
internal static class ElementTypes
{
    private static readonly Dictionary<string, int> Sizes = new()
    {
        ["BOOL"] = 1,
        ["U8"] = 1,
        ["I8"] = 1,
        ["I16"] = 2,
        ["U16"] = 2,
        ["F16"] = 2,
        ["BF16"] = 2,
        ["I32"] = 4,
        ["U32"] = 4,
        ["F32"] = 4,
        ["I64"] = 8,
        ["U64"] = 8,
        ["F64"] = 8,
    };

    public static IEnumerable<string> Names => Sizes.Keys;

    /// <summary>Bytes per element; false if the type is unknown.</summary>
    public static bool TryGetByteSize(string? type, out int bytes) => Sizes.TryGetValue(type ?? "", out bytes);

    /// <summary>Bytes per element of a known type.</summary>
    public static int GetByteSize(string type) => Sizes[type];

    /// <summary>Whether <see cref="ToSingles"/> supports the type.</summary>
    public static bool IsFloat(string type) => type is "F16" or "BF16" or "F32" or "F64";

    /// <summary>Converts little-endian elements of a float type to float32; float64 is rounded.</summary>
    public static void ToSingles(string type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        switch (type)
        {
            case "F32":
                MemoryMarshal.Cast<byte, float>(source).CopyTo(destination);
                break;
            case "F16":
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(source), destination);
                break;
            case "BF16":
                var bfloats = MemoryMarshal.Cast<byte, ushort>(source);
                for (var i = 0; i < bfloats.Length; i++)
                    destination[i] = BitConverter.UInt32BitsToSingle((uint)bfloats[i] << 16);
                break;
            case "F64":
                var doubles = MemoryMarshal.Cast<byte, double>(source);
                for (var i = 0; i < doubles.Length; i++)
                    destination[i] = (float)doubles[i];
                break;
            default:
                throw new ArgumentException($"{type} is not a float type", nameof(type));
        }
    }
}
