using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Layers;

/// <summary>Layers shared by all families, with weights from the checkpoint.</summary>
/// <param name="quantizeInt8">Whether to quantize linear layers to int8.</param>
internal sealed class SpeechLayers(GraphBuilder graph, SpeechWeights weights, bool quantizeInt8)
{
    /// <summary>x Wᵀ + b, W [to, from].</summary>
    /// <param name="x">[frames, from].</param>
    /// <param name="hasBias">Whether the checkpoint has b.</param>
    /// <returns>[frames, to].</returns>
    public GraphValue AddLinear(GraphValue x, string path, int inputs, int outputs, bool hasBias = true) =>
        AddLinear(
            x,
            path,
            [outputs, inputs],
            inputs,
            outputs,
            hasBias ? weights.AddTensor($"{path}.bias", outputs) : default
        );

    /// <summary>A convolution of one tap without bias, which is a linear layer; W [to, from, 1].</summary>
    /// <param name="x">[frames, from].</param>
    /// <returns>[frames, to].</returns>
    public GraphValue AddPointwise(GraphValue x, string path, int inputs, int outputs) =>
        AddLinear(x, path, [outputs, inputs, 1], inputs, outputs, default);

    /// <summary>Layer norm over the last axis.</summary>
    public GraphValue AddNorm(GraphValue x, string path, int width, float epsilon) =>
        graph.LayerNormalization(
            x,
            weights.AddTensor($"{path}.weight", width),
            weights.AddTensor($"{path}.bias", width),
            epsilon
        );

    /// <param name="shape">Of the weights in the checkpoint.</param>
    private GraphValue AddLinear(GraphValue x, string path, int[] shape, int inputs, int outputs, GraphValue bias)
    {
        if (!quantizeInt8)
            return graph.Gemm(x, weights.AddTensor($"{path}.weight", shape, [outputs, inputs]), bias, transposeB: true);
        var (values, scales) = Int8Weights.Quantize(weights.ReadValues($"{path}.weight", shape), outputs, inputs);
        return graph.QuantizedMatMul(
            x,
            graph.Int8s($"{path}.int8", values, inputs, outputs),
            graph.Constant($"{path}.scale", scales, outputs),
            bias
        );
    }
}
