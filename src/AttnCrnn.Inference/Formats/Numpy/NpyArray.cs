using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace AttnCrnn.Formats.Numpy;

/// <summary>A NumPy array of numbers or strings, not of objects.</summary>
/// <param name="Type">
/// NumPy's little-endian type string, for example <c>&lt;f4</c>, <c>&lt;i8</c>, <c>|b1</c>, <c>&lt;U7</c> or
/// <c>|S3</c>.
/// </param>
/// <param name="Shape">Size of each dimension; empty for a scalar.</param>
/// <param name="Data">The elements in C order, little-endian.</param>
public sealed record NpyArray(string Type, IReadOnlyList<int> Shape, ReadOnlyMemory<byte> Data)
{
    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Bytes per element.</summary>
    public int ItemBytes => GetItemBytes(Type);

    /// <summary>Whether the elements are strings.</summary>
    public bool IsStringArray => Type[1] is 'U' or 'S';

    /// <summary>The elements as float32, rounded if necessary.</summary>
    /// <exception cref="InvalidOperationException">The elements are strings.</exception>
    public float[] ToSingles() =>
        Type == "<f4"
            ? MemoryMarshal.Cast<byte, float>(Data.Span).ToArray()
            : Array.ConvertAll(ToDoubles(), value => (float)value);

    /// <summary>The elements as float64.</summary>
    /// <exception cref="InvalidOperationException">The elements are strings.</exception>
    public double[] ToDoubles()
    {
        var values = new double[Count];
        var size = ItemBytes;
        for (var i = 0; i < values.Length; i++)
            values[i] = FormatNumber(Data.Span.Slice(i * size, size));
        return values;
    }

    /// <summary>The elements as int64.</summary>
    /// <exception cref="InvalidOperationException">The elements are strings.</exception>
    public long[] ToInt64s() =>
        Type == "<i8"
            ? MemoryMarshal.Cast<byte, long>(Data.Span).ToArray()
            : Array.ConvertAll(ToDoubles(), value => (long)value);

    /// <summary>The elements as strings; numbers in the invariant culture.</summary>
    public string[] ToStrings()
    {
        if (!IsStringArray)
            return Array.ConvertAll(ToDoubles(), value => value.ToString(CultureInfo.InvariantCulture));
        var texts = new string[Count];
        var size = ItemBytes;
        var encoding = Type[1] == 'U' ? Encoding.UTF32 : Encoding.Latin1;
        for (var i = 0; i < texts.Length; i++)
            texts[i] = size == 0 ? "" : encoding.GetString(Data.Span.Slice(i * size, size)).TrimEnd('\0');
        return texts;
    }

    /// <summary>Creates an array of float32.</summary>
    public static NpyArray Create(ReadOnlySpan<float> values, params IReadOnlyList<int> shape) =>
        Create("<f4", MemoryMarshal.AsBytes(values), shape);

    /// <summary>Creates an array of float64.</summary>
    public static NpyArray Create(ReadOnlySpan<double> values, params IReadOnlyList<int> shape) =>
        Create("<f8", MemoryMarshal.AsBytes(values), shape);

    /// <summary>Creates an array of int64.</summary>
    public static NpyArray Create(ReadOnlySpan<long> values, params IReadOnlyList<int> shape) =>
        Create("<i8", MemoryMarshal.AsBytes(values), shape);

    /// <summary>Creates an array of Unicode strings.</summary>
    public static NpyArray Create(IReadOnlyList<string> values, params IReadOnlyList<int> shape)
    {
        var maxLength = Math.Max(1, values.Select(value => value.EnumerateRunes().Count()).DefaultIfEmpty(0).Max());
        var data = new byte[values.Count * maxLength * 4];
        for (var i = 0; i < values.Count; i++)
            Encoding.UTF32.GetBytes(values[i], data.AsSpan(i * maxLength * 4));
        return Create($"<U{maxLength}", data, shape);
    }

    internal static int GetItemBytes(string type)
    {
        var number = int.Parse(type.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture);
        return type[1] == 'U' ? checked(4 * number) : number;
    }

    private static NpyArray Create(string type, ReadOnlySpan<byte> data, IReadOnlyList<int> shape)
    {
        var array = new NpyArray(type, [.. shape], data.ToArray());
        return array.Count * array.ItemBytes == data.Length
            ? array
            : throw new ArgumentException(
                $"{data.Length} bytes do not fill [{string.Join(", ", shape)}] of {type}",
                nameof(shape)
            );
    }

    private double FormatNumber(ReadOnlySpan<byte> item) =>
        (Type[1], item.Length) switch
        {
            ('f', 2) => (double)BinaryPrimitives.ReadHalfLittleEndian(item),
            ('f', 4) => BinaryPrimitives.ReadSingleLittleEndian(item),
            ('f', 8) => BinaryPrimitives.ReadDoubleLittleEndian(item),
            ('i', 1) => (sbyte)item[0],
            ('i', 2) => BinaryPrimitives.ReadInt16LittleEndian(item),
            ('i', 4) => BinaryPrimitives.ReadInt32LittleEndian(item),
            ('i', 8) => BinaryPrimitives.ReadInt64LittleEndian(item),
            ('u' or 'b', 1) => item[0],
            ('u', 2) => BinaryPrimitives.ReadUInt16LittleEndian(item),
            ('u', 4) => BinaryPrimitives.ReadUInt32LittleEndian(item),
            ('u', 8) => BinaryPrimitives.ReadUInt64LittleEndian(item),
            _ => throw new InvalidOperationException($"elements of type {Type} are not numbers"),
        };
}
