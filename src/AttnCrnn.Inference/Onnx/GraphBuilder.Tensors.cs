using System.Runtime.InteropServices;
using AttnCrnn.IO;

namespace AttnCrnn.Onnx;

/// <summary>The graph's initializers: inside the model, or in an external data file.</summary>
internal sealed partial class GraphBuilder
{
    /// <summary>A float32 constant.</summary>
    /// <exception cref="ArgumentException">The number of values does not match the shape.</exception>
    public GraphValue Constant(string constant, float[] values, params int[] shape) =>
        Constant(constant, ElementType.Float32, MemoryMarshal.AsBytes(values.AsSpan()), values.Length, shape);

    /// <summary>A float64 constant.</summary>
    /// <exception cref="ArgumentException">The number of values does not match the shape.</exception>
    public GraphValue Constant(string constant, double[] values, params int[] shape) =>
        Constant(constant, ElementType.Float64, MemoryMarshal.AsBytes(values.AsSpan()), values.Length, shape);

    /// <summary>A float16 constant, cast to float32 in the graph.</summary>
    /// <exception cref="ArgumentException">The number of values does not match the shape.</exception>
    /// <param name="bytes">Referenced, not copied: must not change before the model is written.</param>
    public GraphValue Float16s(string constant, byte[] bytes, params int[] shape) =>
        ToFloat32(Constant(constant, ElementType.Float16, bytes.AsMemory(), bytes.Length / 2, shape));

    /// <summary>An int64 constant, for shapes, axes and indices.</summary>
    public GraphValue Int64s(string constant, long[] values, params int[] shape) =>
        Constant(constant, ElementType.Int64, MemoryMarshal.AsBytes(values.AsSpan()), values.Length, shape);

    /// <summary>An int8 constant.</summary>
    public GraphValue Int8s(string constant, sbyte[] values, params int[] shape) =>
        Constant(constant, ElementType.Int8, MemoryMarshal.AsBytes(values.AsSpan()), values.Length, shape);

    /// <summary>
    /// A constant in an existing file, which is memory-mapped; half-precision ones are cast to float32 in the graph.
    /// </summary>
    /// <param name="file">File name in the session's weights folder.</param>
    internal GraphValue ExternalConstant(
        string stored,
        ElementType type,
        string file,
        long offset,
        long bytes,
        params int[] shape
    ) =>
        AddExternal(stored, type, file, offset, bytes, shape) is var value && type == ElementType.Float32
            ? value
            : ToFloat32(value);

    private GraphValue AddExternal(
        string externalName,
        ElementType type,
        string file,
        long offset,
        long bytes,
        int[] shape
    )
    {
        RequireUnique(externalName);
        initializers.Add(w => w.WriteMessage(5, tensor =>
            {
                WriteTensorHeader(tensor, externalName, type, shape);
                foreach (
                    var (key, value) in new[] { ("location", file), ("offset", $"{offset}"), ("length", $"{bytes}") }
                )
                    tensor.WriteMessage(13, entry => WriteEntry(entry, key, value));
                tensor.WriteInt(14, 1); // data_location: EXTERNAL
            }));
        return new GraphValue(externalName);
    }

    private GraphValue Constant(string constant, ElementType type, ReadOnlySpan<byte> bytes, int count, int[] shape) =>
        Constant(constant, type, bytes.ToArray().AsMemory(), count, shape);

    private GraphValue Constant(string constant, ElementType type, ReadOnlyMemory<byte> bytes, int count, int[] shape)
    {
        if (shape.Aggregate(1L, (product, size) => product * size) != count)
            throw new ArgumentException($"{constant}: {count} values for the shape [{string.Join(", ", shape)}]");
        if (external is not null && bytes.Length >= ExternalWeights.MinBytes)
            return AddExternal(constant, type, external.Name, external.Add(bytes.Span), bytes.Length, shape);
        RequireUnique(constant);
        initializers.Add(w => w.WriteMessage(5, tensor =>
            {
                WriteTensorHeader(tensor, constant, type, shape);
                tensor.WriteBytes(9, bytes);
            }));
        return new GraphValue(constant);
    }

    // Duplicate names make a graph invalid, but a runtime only warns and uses one of the tensors.
    private void RequireUnique(string tensorName)
    {
        if (!tensorNames.Add(tensorName))
            throw new ArgumentException($"{tensorName}: duplicate tensor name");
    }

    private static void WriteTensorHeader(ProtobufWriter tensor, string tensorName, ElementType type, int[] shape)
    {
        foreach (var size in shape)
            tensor.WriteInt(1, size);
        tensor.WriteInt(2, (int)type);
        tensor.WriteText(8, tensorName);
    }

    private static void WriteEntry(ProtobufWriter entry, string key, string value)
    {
        entry.WriteText(1, key);
        entry.WriteText(2, value);
    }
}
