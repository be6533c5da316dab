using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers;

/// <summary>Layers shared by all families, with weights from the checkpoint.</summary>
/// <param name="quantizeInt8">Whether to quantize linear layers to int8.</param>
internal sealed class SpeechLayers(GraphBuilder graph, SpeechWeights weights, bool quantizeInt8)
{
    /// <summary>x Wᵀ + b, W [to, from].</summary>
    /// <param name="x">[frames, from].</param>
    /// <param name="hasBias">Whether the checkpoint has b.</param>
    /// <returns>[frames, to].</returns>
    public GraphValue Linear(GraphValue x, string path, int from, int to, bool hasBias = true)
    {
        var bias = hasBias ? weights.Tensor($"{path}.bias", to) : default;
        if (!quantizeInt8)
            return graph.Gemm(x, weights.Tensor($"{path}.weight", to, from), bias, transposeB: true);
        var (values, scales) = Int8Weights.Quantize(weights.Values($"{path}.weight", to, from), to, from);
        return graph.QuantizedMatMul(
            x,
            graph.Int8s($"{path}.int8", values, from, to),
            graph.Constant($"{path}.scale", scales, to),
            bias
        );
    }

    /// <summary>Layer norm over the last axis.</summary>
    public GraphValue Norm(GraphValue x, string path, int width, float epsilon) =>
        graph.LayerNormalization(
            x,
            weights.Tensor($"{path}.weight", width),
            weights.Tensor($"{path}.bias", width),
            epsilon
        );
}
