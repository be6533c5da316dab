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
    public GraphValue AddLinear(GraphValue x, string path, int inputs, int outputs, bool hasBias = true)
    {
        var bias = hasBias ? weights.AddTensor($"{path}.bias", outputs) : default;
        if (!quantizeInt8)
            return graph.Gemm(x, weights.AddTensor($"{path}.weight", outputs, inputs), bias, transposeB: true);
        var (values, scales) = Int8Weights.Quantize(
            weights.ReadValues($"{path}.weight", outputs, inputs),
            outputs,
            inputs
        );
        return graph.QuantizedMatMul(
            x,
            graph.Int8s($"{path}.int8", values, inputs, outputs),
            graph.Constant($"{path}.scale", scales, outputs),
            bias
        );
    }

    /// <summary>Layer norm over the last axis.</summary>
    public GraphValue AddNorm(GraphValue x, string path, int width, float epsilon) =>
        graph.LayerNormalization(
            x,
            weights.AddTensor($"{path}.weight", width),
            weights.AddTensor($"{path}.bias", width),
            epsilon
        );
}
