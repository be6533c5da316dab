using System.Runtime.InteropServices;
using System.Text;
using AttnCrnn.IO;

namespace AttnCrnn.Onnx;

/// <summary>The float32 weights of an ONNX model, for a network that is computed without ONNX Runtime.</summary>
/// <param name="model">The bytes of a .onnx file.</param>
internal sealed class Initializers(byte[] model)
{
    // Field numbers of onnx.proto.
    private const int ModelGraph = 7;
    private const int GraphInitializer = 5;
    private const int TensorName = 8;
    private const int TensorRawData = 9;

    /// <summary>The values of an initializer of the graph, which must be stored as raw data.</summary>
    /// <param name="name">Name of the tensor.</param>
    /// <param name="count">Number of values that it must have.</param>
    /// <returns>[count], in C order.</returns>
    /// <exception cref="InvalidDataException">The model is damaged, or has no such initializer.</exception>
    public float[] Read(string name, int count)
    {
        var key = Encoding.UTF8.GetBytes(name);
        var fields = new ProtobufReader(model);
        while (fields.Read())
            if (fields.Field == ModelGraph)
            {
                var graph = new ProtobufReader(fields.Bytes);
                while (graph.Read())
                    if (graph.Field == GraphInitializer && HasName(graph.Bytes, key, out var data))
                        return data.Length == count * sizeof(float)
                            ? MemoryMarshal.Cast<byte, float>(data).ToArray()
                            : throw new InvalidDataException($"{name}: {data.Length} bytes, not {count} values");
            }
        throw new InvalidDataException($"no initializer {name}");
    }

    private static bool HasName(ReadOnlySpan<byte> tensor, ReadOnlySpan<byte> key, out ReadOnlySpan<byte> data)
    {
        data = default;
        var isFound = false;
        var fields = new ProtobufReader(tensor);
        while (fields.Read())
            if (fields.Field == TensorName)
                isFound = fields.Bytes.SequenceEqual(key);
            else if (fields.Field == TensorRawData)
                data = fields.Bytes;
        return isFound;
    }
}
