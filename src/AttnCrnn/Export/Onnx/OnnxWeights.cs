using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Models;
using AttnCrnn.Onnx;

namespace AttnCrnn.Export.Onnx;

/// <summary>A model's tensors as a graph's constants, whole or by eight bits.</summary>
/// <param name="quantizeInt8">Whether kernels are kept as codes of eight bits with a scale for each output, and made float32 again where they are used.</param>
internal sealed class OnnxWeights(GraphBuilder graph, IReadOnlyList<ModelTensor> tensors, bool quantizeInt8)
{
    private readonly Dictionary<string, float[]> byName = tensors.ToDictionary(
        tensor => tensor.Name,
        tensor => tensor.Values,
        StringComparer.Ordinal
    );

    public bool Contains(string name) => byName.ContainsKey(name);

    public float[] Values(string name) => byName[name];

    /// <summary>A bias or a norm's figures: few numbers, which stay as they are.</summary>
    public GraphValue Vector(string name) => graph.Constant(name, byName[name], byName[name].Length);

    /// <summary>What products are made with.</summary>
    /// <param name="lay">From Keras' order to the one of <paramref name="shape"/>.</param>
    /// <param name="shape">Outputs first.</param>
    public GraphValue Kernel(string name, Func<float[], float[]> lay, params int[] shape)
    {
        var values = lay(byName[name]);
        if (!quantizeInt8)
            return graph.Constant(name, values, shape);
        var (codes, scales) = Int8Weights.Rows(values, shape[0], values.Length / shape[0]);
        return graph.DequantizeLinear(
            graph.Codes($"{name}/int8", codes, shape),
            graph.Constant($"{name}/scale", scales, shape[0])
        );
    }
}
