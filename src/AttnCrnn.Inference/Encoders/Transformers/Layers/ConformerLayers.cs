using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Layers;

/// <summary>The sizes of Conformer layers.</summary>
/// <param name="Width">Feature dimension of a hidden state.</param>
/// <param name="NormEpsilon">Of the layer norms within a layer.</param>
/// <param name="Taps">Of the depthwise convolution.</param>
/// <param name="IsCausal">
/// Whether the depthwise convolution sees no later frames and is followed by a layer norm (w2v-BERT 2.0), or sees as
/// many of them as earlier ones and is followed by a batch norm.
/// </param>
internal sealed record ConformerShape(
    int Width,
    int Heads,
    int FeedForwardWidth,
    string Activation,
    float NormEpsilon,
    int Taps,
    bool IsCausal
)
{
    /// <summary>Feature dimension of a head.</summary>
    public int HeadSize => Width / Heads;
}

/// <summary>
/// Conformer layers (Gulati et al. 2020) under transformers' names: half of a feed-forward, attention, a convolution,
/// half of a feed-forward, each with a residual connection and a norm before it, then a norm.
/// </summary>
/// <param name="mask">[frames, 1], 0 for frames that the convolution must not see; default: there are none.</param>
internal sealed class ConformerLayers(
    GraphBuilder graph,
    SpeechWeights weights,
    SpeechLayers layers,
    ConformerShape shape,
    GraphValue mask = default
)
{
    private const float BatchNormEpsilon = 1e-5f; // torch's default, which no configuration changes

    /// <summary>Adds a layer.</summary>
    /// <param name="x">[frames, width].</param>
    /// <param name="path">The layer's name in the checkpoint.</param>
    /// <param name="addAttention">Adds the attention to a graph, for its normed input and its name.</param>
    /// <returns>[frames, width].</returns>
    public GraphValue Add(GraphValue x, string path, Func<GraphValue, string, GraphValue> addAttention)
    {
        x = AddHalfFeedForward(x, $"{path}.ffn1");
        x = graph.Add(x, addAttention(AddNorm(x, $"{path}.self_attn_layer_norm"), $"{path}.self_attn"));
        x = graph.Add(x, AddConvolution(x, $"{path}.conv_module"));
        x = AddHalfFeedForward(x, $"{path}.ffn2");
        return AddNorm(x, $"{path}.final_layer_norm");
    }

    /// <summary>A linear layer of the attention, from width to width.</summary>
    public GraphValue AddLinear(GraphValue x, string path, bool hasBias = true) =>
        layers.AddLinear(x, path, shape.Width, shape.Width, hasBias);

    /// <summary>Adds the heads, and the linear layer that joins them.</summary>
    /// <param name="query">[frames, width], as also key and value.</param>
    /// <param name="bias">[heads, frames, frames], added to the scaled products; default for none.</param>
    public GraphValue AddHeads(GraphValue query, GraphValue key, GraphValue value, GraphValue bias, string path)
    {
        var attended = graph.MultiHeadAttention(
            graph.Unsqueeze(query, 0),
            graph.Unsqueeze(key, 0),
            graph.Unsqueeze(value, 0),
            shape.Heads,
            bias.Name is null ? default : graph.Unsqueeze(bias, 0)
        );
        return AddLinear(graph.Squeeze(attended, 0), $"{path}.linear_out");
    }

    private GraphValue AddHalfFeedForward(GraphValue x, string path)
    {
        var inner = layers.AddLinear(
            AddNorm(x, $"{path}_layer_norm"),
            $"{path}.intermediate_dense",
            shape.Width,
            shape.FeedForwardWidth
        );
        inner = layers.AddLinear(
            SpeechActivation.AddToGraph(graph, shape.Activation, inner),
            $"{path}.output_dense",
            shape.FeedForwardWidth,
            shape.Width
        );
        return graph.Add(x, graph.Scale(inner, 0.5f));
    }

    private GraphValue AddConvolution(GraphValue x, string path)
    {
        x = AddNorm(x, $"{path}.layer_norm");
        if (mask.Name is not null)
            x = graph.Multiply(x, mask);
        x = layers.AddPointwise(x, $"{path}.pointwise_conv1", shape.Width, 2 * shape.Width);
        x = graph.Multiply(
            graph.Slice(x, 1, 0, shape.Width),
            graph.Sigmoid(graph.Slice(x, 1, shape.Width, 2 * shape.Width))
        );
        x = AddDepthwise(x, $"{path}.depthwise_conv");
        x = shape.IsCausal ? AddNorm(x, $"{path}.depthwise_layer_norm") : AddBatchNorm(x, $"{path}.batch_norm");
        x = SpeechActivation.AddToGraph(graph, shape.Activation, x);
        return layers.AddPointwise(x, $"{path}.pointwise_conv2", shape.Width, shape.Width);
    }

    private GraphValue AddDepthwise(GraphValue x, string path)
    {
        var kernel = weights.AddTensor($"{path}.weight", [shape.Width, 1, shape.Taps], [shape.Width, 1, 1, shape.Taps]);
        x = FrameConvolution.ToChannels(graph, x);
        x = graph.ConvolutionAlongTime(
            x,
            kernel,
            default,
            shape.Taps,
            1,
            shape.IsCausal ? shape.Taps - 1 : shape.Taps / 2,
            shape.IsCausal ? 0 : shape.Taps / 2,
            shape.Width
        );
        return FrameConvolution.ToFrames(graph, x);
    }

    private GraphValue AddBatchNorm(GraphValue x, string path) =>
        graph.BatchNormalization(
            x,
            weights.AddTensor($"{path}.weight", shape.Width),
            weights.AddTensor($"{path}.bias", shape.Width),
            weights.AddTensor($"{path}.running_mean", shape.Width),
            weights.AddTensor($"{path}.running_var", shape.Width),
            BatchNormEpsilon
        );

    private GraphValue AddNorm(GraphValue x, string path) => layers.AddNorm(x, path, shape.Width, shape.NormEpsilon);
}
