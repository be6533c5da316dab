using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Wav2Vec2;

/// <summary>
/// wav2vec 2.0, HuBERT and WavLM as a graph, as transformers' Wav2Vec2Model, HubertModel and WavLMModel compute them,
/// up to the deepest selected layer: convolutions over the samples, a projection, convolutional position embeddings,
/// then the transformer layers.
/// </summary>
internal sealed class Wav2Vec2Graph
{
    private readonly Wav2Vec2Config config;
    private readonly GraphBuilder graph;
    private readonly SpeechWeights weights;
    private readonly SpeechLayers layers;
    private readonly TransformerLayers transformer;
    private GraphValue positionBias; // WavLM only, [heads, time, time]

    public Wav2Vec2Graph(GraphBuilder graph, Wav2Vec2Config config, SpeechWeights weights, bool quantizeInt8)
    {
        this.graph = graph;
        this.config = config;
        this.weights = weights;
        layers = new SpeechLayers(graph, weights, quantizeInt8);
        transformer = new TransformerLayers(graph, layers, config.Transformer);
    }

    /// <summary>The selected hidden states, each [time, hidden].</summary>
    /// <param name="samples">[1, 1, 1, samples].</param>
    public IReadOnlyList<GraphValue> SelectStates(LayerSelection choice, GraphValue samples)
    {
        var states = AddHiddenStates(choice, samples);
        if (choice.HasFinalNorm && config.Transformer.NormsFirst)
            states[^1] = transformer.AddNorm(states[^1], "encoder.layer_norm");
        return states[choice.First..(choice.Last + 1)];
    }

    // [time, hidden] each: before the first layer, then after each layer up to the deepest selected.
    private List<GraphValue> AddHiddenStates(LayerSelection choice, GraphValue samples)
    {
        var x = config.Convolutions.AddToGraph(graph, weights, layers, samples); // [time, channels]
        x = config.Projection.AddToGraph(graph, weights, layers, x); // [time, hidden]
        x = graph.Add(x, config.Positions.AddToGraph(graph, weights, x));
        if (!config.Transformer.NormsFirst)
            x = transformer.AddNorm(x, "encoder.layer_norm");
        Func<GraphValue, string, GraphValue>? createBias = null;
        if (config.Variant == Wav2Vec2Variant.WavLm && choice.Last > 0)
        {
            positionBias = AddRelativePositions(x);
            createBias = (value, path) => graph.Unsqueeze(AddGatedPositionBias(value, path), 0);
        }
        return transformer.AddEncoder(x, choice, createBias);
    }

    // The bias of each head for each pair of frames by distance, from a table of the first layer shared by all layers.
    private GraphValue AddRelativePositions(GraphValue x)
    {
        var heads = config.Transformer.Heads;
        var farthest = config.MaxBucketDistance;
        var embedding = weights.ReadValues("encoder.layers.0.attention.rel_attn_embed.weight", config.Buckets, heads);
        var table = new float[heads * ((2 * farthest) + 1)];
        for (var distance = -farthest; distance <= farthest; distance++)
        for (var head = 0; head < heads; head++)
            table[(head * ((2 * farthest) + 1)) + distance + farthest] = embedding[
                (WavLmBuckets.Compute(distance, config.Buckets, farthest) * heads) + head
            ];
        var frames = graph.Range(graph.Length(x, 0));
        // Key minus query, [time, time].
        var distances = graph.Subtract(graph.Unsqueeze(frames, 0), graph.Unsqueeze(frames, 1));
        return graph.Gather(
            graph.Constant("relative positions", table, heads, (2 * farthest) + 1),
            graph.AddInt64(graph.Clip(distances, -farthest, farthest), farthest),
            1
        );
    }

    // Each query gates the bias: (a (b c - 1) + 2) · bias, (a, b) = σ of eight rows summed in fours; the sums are
    // folded into the weights here.
    private GraphValue AddGatedPositionBias(GraphValue x, string path)
    {
        var heads = config.Transformer.Heads;
        var depth = config.Width / config.Transformer.Heads;
        var rows = weights.ReadValues($"{path}.gru_rel_pos_linear.weight", 8, depth);
        var offsets = weights.ReadValues($"{path}.gru_rel_pos_linear.bias", 8);
        var summed = new float[2 * depth];
        var bias = new float[2];
        for (var row = 0; row < 8; row++)
        {
            bias[row / 4] += offsets[row];
            for (var i = 0; i < depth; i++)
                summed[(row / 4 * depth) + i] += rows[(row * depth) + i];
        }
        var gates = graph.Gemm(
            graph.Reshape(x, -1, depth),
            graph.Constant($"{path}.gates", summed, 2, depth),
            graph.Constant($"{path}.gate bias", bias, 2),
            transposeB: true
        );
        gates = graph.Transpose(graph.Reshape(graph.Sigmoid(gates), -1, heads, 2), 1, 0, 2); // [heads, time, 2]
        var a = graph.Slice(gates, 2, 0, 1);
        var b = graph.Slice(gates, 2, 1, 2);
        var constant = weights.AddTensor($"{path}.gru_rel_pos_const", [1, heads, 1, 1], [heads, 1, 1]);
        // [heads, time, 1].
        var gate = graph.AddConstant(graph.Multiply(a, graph.AddConstant(graph.Multiply(b, constant), -1)), 2);
        return graph.Multiply(gate, positionBias);
    }
}
