using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Wav2Vec2Bert;

/// <summary>
/// Attention with relative positions of the keys (Shaw et al. 2018): score(i, j) =
/// (q_i k_j + q_i e[clamp(j - i)]) / √(head size), with an embedding e per layer; masked keys are not attended.
/// </summary>
internal sealed class RelativeKeyAttention
{
    private readonly GraphBuilder graph;
    private readonly SpeechWeights weights;
    private readonly ConformerLayers layers;
    private readonly ConformerShape shape;
    private readonly int positions;
    private readonly GraphValue indices; // [frames, frames]: query · positions + position of the key
    private readonly GraphValue maskBias; // [1, frames]: 0, or the lowest number for a masked key

    /// <param name="mask">[frames, 1]: 1, or 0 for masked frames.</param>
    public RelativeKeyAttention(
        GraphBuilder graph,
        SpeechWeights weights,
        ConformerLayers layers,
        Wav2Vec2BertConfig config,
        GraphValue mask
    )
    {
        this.graph = graph;
        this.weights = weights;
        this.layers = layers;
        shape = config.Shape;
        positions = config.MaxLeft + 1 + config.MaxRight;
        var frames = graph.Range(graph.Length(mask, 0));
        var queries = graph.Unsqueeze(frames, 1);
        var distances = graph.Subtract(graph.Unsqueeze(frames, 0), queries); // key minus query
        var clamped = graph.AddInt64(graph.Clip(distances, -config.MaxLeft, config.MaxRight), config.MaxLeft);
        indices = graph.Add(clamped, graph.Multiply(queries, graph.Int64(positions)));
        maskBias = graph.Transpose(graph.Scale(graph.AddConstant(mask, -1), float.MaxValue), 1, 0);
    }

    /// <summary>Adds the attention of a layer.</summary>
    /// <param name="x">[frames, width].</param>
    /// <param name="path">Its name in the checkpoint.</param>
    /// <returns>[frames, width].</returns>
    public GraphValue Add(GraphValue x, string path)
    {
        var query = layers.AddLinear(x, $"{path}.linear_q");
        var embedding = weights.AddTensor($"{path}.distance_embedding.weight", positions, shape.HeadSize);
        var scores = graph.MatMul(
            graph.Transpose(graph.Reshape(query, -1, shape.Heads, shape.HeadSize), 1, 0, 2),
            graph.Transpose(embedding, 1, 0)
        ); // [heads, frames, positions]
        var bias = graph.Gather(graph.Reshape(scores, shape.Heads, -1), indices, 1); // [heads, frames, frames]
        bias = graph.Scale(bias, (float)(1 / Math.Sqrt(shape.HeadSize)));
        return layers.AddHeads(
            query,
            layers.AddLinear(x, $"{path}.linear_k"),
            layers.AddLinear(x, $"{path}.linear_v"),
            graph.Add(bias, maskBias),
            path
        );
    }
}
