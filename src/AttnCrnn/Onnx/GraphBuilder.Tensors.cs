using System.Runtime.InteropServices;
using AttnCrnn.IO;

namespace AttnCrnn.Onnx;

/// <summary>The tensors that a graph comes with: within the model, or in a file beside it.</summary>
internal sealed partial class GraphBuilder
{
    /// <summary>A tensor of weights, float32.</summary>
    /// <exception cref="ArgumentException">The values do not fill the shape.</exception>
    public GraphValue Constant(string constant, float[] values, params int[] shape) =>
        Constant(constant, ElementType.Float32, MemoryMarshal.AsBytes(values.AsSpan()), values.Length, shape);

    /// <summary>A tensor of float64.</summary>
    /// <exception cref="ArgumentException">The values do not fill the shape.</exception>
    public GraphValue Constant(string constant, double[] values, params int[] shape) =>
        Constant(constant, ElementType.Float64, MemoryMarshal.AsBytes(values.AsSpan()), values.Length, shape);

    /// <summary>Weights of float16 as they are stored; float32 where they are used.</summary>
    /// <exception cref="ArgumentException">The values do not fill the shape.</exception>
    /// <param name="bytes">Kept, and not copied: they must not change before the model is made.</param>
    public GraphValue Halves(string constant, byte[] bytes, params int[] shape) =>
        ToFloat32(Constant(constant, ElementType.Float16, bytes.AsMemory(), bytes.Length / 2, shape));

    /// <summary>Whole numbers: shapes, axes, places.</summary>
    public GraphValue Int64s(string constant, long[] values, params int[] shape) =>
        Constant(constant, ElementType.Int64, MemoryMarshal.AsBytes(values.AsSpan()), values.Length, shape);

    /// <summary>Weights of eight bits.</summary>
    public GraphValue Codes(string constant, sbyte[] values, params int[] shape) =>
        Constant(constant, ElementType.Int8, MemoryMarshal.AsBytes(values.AsSpan()), values.Length, shape);

    /// <summary>A tensor that stays in a file and is mapped from there; half-precision ones are made float32 within the graph.</summary>
    /// <param name="file">A name in the folder that the session is told of.</param>
    internal GraphValue Stored(
        string stored,
        ElementType type,
        string file,
        long offset,
        long bytes,
        params int[] shape
    ) =>
        Outside(stored, type, file, offset, bytes, shape) is var value && type == ElementType.Float32
            ? value
            : ToFloat32(value);

    private GraphValue Outside(string outside, ElementType type, string file, long offset, long bytes, int[] shape)
    {
        Take(outside);
        initializers.Add(w => w.Message(5, tensor =>
            {
                Head(tensor, outside, type, shape);
                foreach (
                    var (key, value) in new[] { ("location", file), ("offset", $"{offset}"), ("length", $"{bytes}") }
                )
                    tensor.Message(13, entry => Entry(entry, key, value));
                tensor.Int(14, 1); // the values are outside
            }));
        return new GraphValue(outside);
    }

    private GraphValue Constant(string constant, ElementType type, ReadOnlySpan<byte> bytes, int count, int[] shape) =>
        Constant(constant, type, bytes.ToArray().AsMemory(), count, shape);

    private GraphValue Constant(string constant, ElementType type, ReadOnlyMemory<byte> bytes, int count, int[] shape)
    {
        if (shape.Aggregate(1L, (product, size) => product * size) != count)
            throw new ArgumentException($"{constant}: {count} values for the shape [{string.Join(", ", shape)}]");
        if (external is not null && bytes.Length >= ExternalWeights.MinBytes)
            return Outside(constant, type, external.Name, external.Add(bytes.Span), bytes.Length, shape);
        Take(constant);
        initializers.Add(w => w.Message(5, tensor =>
            {
                Head(tensor, constant, type, shape);
                tensor.Bytes(9, bytes);
            }));
        return new GraphValue(constant);
    }

    // Two of one name are no valid graph: a runtime takes one of them, with no more than a warning.
    private void Take(string tensorName)
    {
        if (!taken.Add(tensorName))
            throw new ArgumentException($"{tensorName}: a second tensor of this name");
    }

    private static void Head(ProtobufWriter tensor, string tensorName, ElementType type, int[] shape)
    {
        foreach (var size in shape)
            tensor.Int(1, size);
        tensor.Int(2, (int)type);
        tensor.Text(8, tensorName);
    }

    private static void Entry(ProtobufWriter entry, string key, string value)
    {
        entry.Text(1, key);
        entry.Text(2, value);
    }
}
