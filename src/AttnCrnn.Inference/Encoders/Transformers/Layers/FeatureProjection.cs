using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Layers;

/// <summary>
/// The projection of features to the width of the transformer, under transformers' names: an optional layer norm, then
/// a linear layer.
/// </summary>
/// <param name="Features">Feature dimension of the input.</param>
/// <param name="Width">Feature dimension of the output.</param>
internal sealed record FeatureProjection(int Features, int Width, float Epsilon, bool HasNorm = true)
{
    /// <summary>Name of the norm in the checkpoint.</summary>
    public string NormPath { get; init; } = "feature_projection.layer_norm";

    /// <summary>Name of the linear layer in the checkpoint.</summary>
    public string LinearPath { get; init; } = "feature_projection.projection";

    /// <summary>Adds the projection to a graph; it is never quantized.</summary>
    /// <param name="x">[frames, features].</param>
    /// <returns>[frames, width].</returns>
    public GraphValue AddToGraph(GraphBuilder graph, SpeechWeights weights, SpeechLayers layers, GraphValue x)
    {
        if (HasNorm)
            x = layers.AddNorm(x, NormPath, Features, Epsilon);
        return graph.Gemm(
            x,
            weights.AddTensor($"{LinearPath}.weight", Width, Features),
            weights.AddTensor($"{LinearPath}.bias", Width),
            transposeB: true
        );
    }
}
