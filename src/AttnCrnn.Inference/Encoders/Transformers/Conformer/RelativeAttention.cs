using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Conformer;

/// <summary>
/// Attention with relative positions (Dai et al. 2019, Transformer-XL): score(i, j) =
/// ((q_i + u) k_j + (q_i + v) p_{i-j}) / √(head size), p the linear layer of a sinusoid of the distance.
/// </summary>
internal sealed class RelativeAttention
{
    private readonly GraphBuilder graph;
    private readonly SpeechWeights weights;
    private readonly ConformerLayers layers;
    private readonly ConformerShape shape;
    private readonly GraphValue frames; // their number, an int64 scalar
    private readonly GraphValue sinusoids; // [2 frames - 1, width]: of frames - 1 down to 1 - frames

    /// <param name="x">[frames, …], for the number of frames.</param>
    public RelativeAttention(
        GraphBuilder graph,
        SpeechWeights weights,
        ConformerLayers layers,
        ConformerShape shape,
        GraphValue x
    )
    {
        this.graph = graph;
        this.weights = weights;
        this.layers = layers;
        this.shape = shape;
        frames = graph.Length(x, 0);
        sinusoids = CreateSinusoids();
    }

    /// <summary>Adds the attention of a layer.</summary>
    /// <param name="x">[frames, width].</param>
    /// <param name="path">Its name in the checkpoint.</param>
    /// <returns>[frames, width].</returns>
    public GraphValue Add(GraphValue x, string path)
    {
        var query = layers.AddLinear(x, $"{path}.linear_q");
        var positions = layers.AddLinear(sinusoids, $"{path}.linear_pos", hasBias: false);
        var scores = graph.MatMul(
            graph.Transpose(SplitHeads(AddBias(query, $"{path}.pos_bias_v")), 1, 0, 2), // [heads, frames, head size]
            graph.Transpose(SplitHeads(positions), 1, 2, 0) // [heads, head size, 2 frames - 1]
        );
        return layers.AddHeads(
            AddBias(query, $"{path}.pos_bias_u"),
            layers.AddLinear(x, $"{path}.linear_k"),
            layers.AddLinear(x, $"{path}.linear_v"),
            graph.Scale(Shift(scores), (float)(1 / Math.Sqrt(shape.HeadSize))),
            path
        );
    }

    // Sines in even columns, cosines in odd ones.
    private GraphValue CreateSinusoids()
    {
        double[] frequencies =
        [
            .. Enumerable.Range(0, shape.Width).Select(i => Math.Exp(-(i - (i % 2)) * Math.Log(10_000) / shape.Width)),
        ];
        double[] phases = [.. Enumerable.Range(0, shape.Width).Select(i => i % 2 * Math.PI / 2)];
        var count = graph.AddInt64(graph.Add(frames, frames), -1);
        var distances = graph.Subtract(graph.AddInt64(frames, -1), graph.Range(count));
        var angles = graph.Add(
            graph.Multiply(
                graph.Unsqueeze(graph.ToFloat64(distances), 1),
                graph.Constant("position frequencies", frequencies, 1, shape.Width)
            ),
            graph.Constant("position phases", phases, 1, shape.Width)
        );
        return graph.ToFloat32(graph.Sin(angles));
    }

    // [heads, frames, 2 frames - 1] by distance to [heads, frames, frames] by key: row i starts i columns earlier than
    // the last. With one more column, a row is as long as two rows of keys, and dropping the first row of keys moves
    // each row of distances by one more column.
    private GraphValue Shift(GraphValue scores)
    {
        var heads = graph.Int64(shape.Heads);
        var twice = graph.Add(frames, frames);
        var padded = graph.Concat(2, graph.Slice(scores, 2, 0, 1), scores); // [heads, frames, 2 frames]
        var rows = graph.Slice(graph.Reshape(padded, heads, twice, frames), 1, 1, int.MaxValue);
        return graph.SliceEnd(graph.Reshape(rows, heads, frames, graph.AddInt64(twice, -1)), 2, frames);
    }

    private GraphValue AddBias(GraphValue query, string path) =>
        graph.Add(query, weights.AddTensor(path, [shape.Heads, shape.HeadSize], [shape.Width]));

    private GraphValue SplitHeads(GraphValue x) => graph.Reshape(x, -1, shape.Heads, shape.HeadSize);
}
