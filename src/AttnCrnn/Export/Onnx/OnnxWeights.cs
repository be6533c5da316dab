using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Models;
using AttnCrnn.Onnx;

namespace AttnCrnn.Export.Onnx;

/// <summary>A model's tensors as constants of a graph, in float32 or int8.</summary>
/// <param name="quantizeInt8">
/// Whether kernels are stored as int8 codes with a scale per output, and dequantized to float32 in the graph.
/// </param>
internal sealed class OnnxWeights(GraphBuilder graph, IReadOnlyList<ModelTensor> tensors, bool quantizeInt8)
{
    private readonly Dictionary<string, float[]> byName = tensors.ToDictionary(
        tensor => tensor.Name,
        tensor => tensor.Values,
        StringComparer.Ordinal
    );

    public float[] GetValues(string name) => byName[name];

    /// <summary>A bias or normalization vector; never quantized.</summary>
    public GraphValue AddVector(string name) => graph.Constant(name, byName[name], byName[name].Length);

    /// <summary>A kernel, quantized if requested.</summary>
    /// <param name="permute">Permutes Keras' order to the order of <paramref name="shape"/>.</param>
    /// <param name="shape">Shape, with outputs first.</param>
    public GraphValue AddKernel(string name, Func<float[], float[]> permute, params int[] shape)
    {
        var values = permute(byName[name]);
        if (!quantizeInt8)
            return graph.Constant(name, values, shape);
        var (codes, scales) = Int8Weights.QuantizeRows(values, shape[0], values.Length / shape[0]);
        return graph.DequantizeLinear(
            graph.Int8s($"{name}/int8", codes, shape),
            graph.Constant($"{name}/scale", scales, shape[0])
        );
    }
}
