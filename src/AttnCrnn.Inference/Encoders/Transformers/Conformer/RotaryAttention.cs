using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Conformer;

/// <summary>
/// Attention with rotary positions (Su et al. 2021), applied to the input of the queries' and keys' linear layers, as
/// transformers' Wav2Vec2-Conformer applies them.
/// </summary>
internal sealed class RotaryAttention
{
    private readonly GraphBuilder graph;
    private readonly ConformerLayers layers;
    private readonly ConformerShape shape;
    private readonly GraphValue cosines; // [frames, 1, head size]
    private readonly GraphValue sines;

    /// <param name="x">[frames, …], for the number of frames.</param>
    public RotaryAttention(
        GraphBuilder graph,
        ConformerLayers layers,
        ConformerShape shape,
        int frequencyBase,
        GraphValue x
    )
    {
        this.graph = graph;
        this.layers = layers;
        this.shape = shape;
        var half = shape.HeadSize / 2;
        double[] frequencies =
        [
            .. Enumerable
                .Range(0, shape.HeadSize)
                .Select(i => Math.Pow(frequencyBase, -2.0 * (i % half) / shape.HeadSize)),
        ];
        var frames = graph.ToFloat64(graph.Range(graph.Length(x, 0)));
        var angles = graph.Multiply(
            graph.Unsqueeze(frames, 1, 2),
            graph.Constant("rotary frequencies", frequencies, 1, 1, shape.HeadSize)
        );
        sines = graph.ToFloat32(graph.Sin(angles));
        cosines = graph.ToFloat32(graph.Sin(graph.Add(angles, graph.Constant("quarter turn", [Math.PI / 2]))));
    }

    /// <summary>Adds the attention of a layer.</summary>
    /// <param name="x">[frames, width].</param>
    /// <param name="path">Its name in the checkpoint.</param>
    /// <returns>[frames, width].</returns>
    public GraphValue Add(GraphValue x, string path)
    {
        var rotated = Rotate(x);
        return layers.AddHeads(
            layers.AddLinear(rotated, $"{path}.linear_q"),
            layers.AddLinear(rotated, $"{path}.linear_k"),
            layers.AddLinear(x, $"{path}.linear_v"),
            default,
            path
        );
    }

    // (a, b) of the two halves of a head becomes (a cos - b sin, b cos + a sin).
    private GraphValue Rotate(GraphValue x)
    {
        var half = shape.HeadSize / 2;
        var heads = graph.Reshape(x, -1, shape.Heads, shape.HeadSize);
        var turned = graph.Concat(
            2,
            graph.Scale(graph.Slice(heads, 2, half, shape.HeadSize), -1),
            graph.Slice(heads, 2, 0, half)
        );
        var sum = graph.Add(graph.Multiply(heads, cosines), graph.Multiply(turned, sines));
        return graph.Reshape(sum, -1, shape.Width);
    }
}
