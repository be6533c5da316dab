using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Emotion2Vec;

/// <summary>
/// The blocks of emotion2vec: attention and feed-forward, each with a residual connection and a norm after it.
/// Attention is weaker with distance (ALiBi, Press et al. 2022), except for the extra tokens.
/// </summary>
internal sealed class Emotion2VecBlocks(
    GraphBuilder graph,
    SpeechWeights weights,
    SpeechLayers layers,
    Emotion2VecConfig config
)
{
    private const string ScaleTensor = $"{Emotion2VecConfig.AudioPath}.alibi_scale";

    private GraphValue distances; // [1, tokens, tokens]: negative, and 0 for extra tokens
    private GraphValue bias; // [1, heads, tokens, tokens], of the last block
    private float[]? scales; // [blocks or 1, heads or 1]

    /// <summary>Puts the extra tokens before the frames.</summary>
    /// <param name="x">[frames, width].</param>
    /// <returns>[extra tokens + frames, width].</returns>
    public GraphValue AddExtraTokens(GraphValue x) =>
        config.ExtraTokens == 0
            ? x
            : graph.Concat(
                0,
                weights.AddTensor(
                    $"{Emotion2VecConfig.AudioPath}.extra_tokens",
                    [1, config.ExtraTokens, config.Width],
                    [config.ExtraTokens, config.Width]
                ),
                x
            );

    /// <summary>The frames alone.</summary>
    public GraphValue RemoveExtraTokens(GraphValue x) =>
        config.ExtraTokens == 0 ? x : graph.Slice(x, 0, config.ExtraTokens, int.MaxValue);

    /// <summary>Adds a block.</summary>
    /// <param name="x">[tokens, width].</param>
    /// <param name="layer">Its index among all blocks.</param>
    /// <returns>[tokens, width].</returns>
    public GraphValue Add(GraphValue x, int layer)
    {
        var path =
            layer < config.ContextBlocks
                ? $"{Emotion2VecConfig.AudioPath}.context_encoder.blocks.{layer}"
                : $"blocks.{layer - config.ContextBlocks}";
        x = AddNorm(graph.Add(x, AddAttention(x, $"{path}.attn", GetBias(x, layer))), $"{path}.norm1");
        return AddNorm(graph.Add(x, AddFeedForward(x, $"{path}.mlp")), $"{path}.norm2");
    }

    /// <summary>
    /// The slopes of ALiBi: powers of 2 for a power of 2 of heads; otherwise those of the next lower power, then every
    /// second one of twice as many heads.
    /// </summary>
    internal static double[] CreateSlopes(int heads)
    {
        var power = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)heads + 1) / 2;
        double[] Powers(int count) => [.. Enumerable.Range(1, count).Select(i => Math.Pow(2, -8.0 * i / count))];
        return [.. Powers(power), .. Powers(2 * power).Where((_, i) => i % 2 == 0).Take(heads - power)];
    }

    private GraphValue AddAttention(GraphValue x, string path, GraphValue attentionBias)
    {
        var qkv = layers.AddLinear(x, $"{path}.qkv", config.Width, 3 * config.Width);
        GraphValue Part(int index) =>
            graph.Unsqueeze(graph.Slice(qkv, 1, index * config.Width, (index + 1) * config.Width), 0);
        var attended = graph.MultiHeadAttention(Part(0), Part(1), Part(2), config.Heads, attentionBias);
        return layers.AddLinear(graph.Squeeze(attended, 0), $"{path}.proj", config.Width, config.Width);
    }

    private GraphValue AddFeedForward(GraphValue x, string path)
    {
        x = layers.AddLinear(x, $"{path}.fc1", config.Width, config.FeedForwardWidth);
        return layers.AddLinear(graph.Gelu(x), $"{path}.fc2", config.FeedForwardWidth, config.Width);
    }

    private GraphValue AddNorm(GraphValue x, string path) => layers.AddNorm(x, path, config.Width, config.Epsilon);

    private GraphValue GetBias(GraphValue x, int layer)
    {
        if (layer > 0 && !config.HasScalePerBlock)
            return bias;
        if (layer == 0)
            distances = AddDistances(x);
        scales ??= ReadScales();
        var heads = config.HasScalePerHead ? config.Heads : 1;
        var first = config.HasScalePerBlock ? layer * heads : 0;
        float[] factors =
        [
            .. CreateSlopes(config.Heads)
                .Select(
                    (slope, head) => (float)(slope * Math.Max(0, scales[first + (config.HasScalePerHead ? head : 0)]))
                ),
        ];
        var constant = graph.Constant($"{ScaleTensor}.{layer}", factors, config.Heads, 1, 1);
        return bias = graph.Unsqueeze(graph.Multiply(distances, constant), 0);
    }

    private float[] ReadScales()
    {
        var blocks = config.HasScalePerBlock ? config.Layers : 1;
        var heads = config.HasScalePerHead ? config.Heads : 1;
        // Older checkpoints have one dimension less.
        return weights.CountDimensions(ScaleTensor) == 4 && blocks == 1
            ? weights.ReadValues(ScaleTensor, 1, heads, 1, 1)
            : weights.ReadValues(ScaleTensor, blocks, 1, heads, 1, 1);
    }

    // -|i - j| between frames.
    private GraphValue AddDistances(GraphValue x)
    {
        var tokens = graph.Range(graph.Length(x, 0));
        var differences = graph.Subtract(graph.Unsqueeze(tokens, 0), graph.Unsqueeze(tokens, 1));
        var opposite = graph.Subtract(graph.Int64(0), differences);
        var values = graph.Subtract(graph.Int64(0), graph.Max(differences, opposite));
        var isFrame = graph.ToFloat32(graph.Less(graph.Int64(config.ExtraTokens - 1), tokens));
        var pairs = graph.Multiply(graph.Unsqueeze(isFrame, 0), graph.Unsqueeze(isFrame, 1));
        return graph.Unsqueeze(graph.Multiply(graph.ToFloat32(values), pairs), 0);
    }
}
