using AttnCrnn.IO;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Layers;

/// <summary>The sizes of the transformer layers of wav2vec 2.0 and its relatives.</summary>
/// <param name="NormsFirst">Whether norms precede attention and feed-forward (large models) instead of following
/// them.</param>
internal sealed record TransformerShape(
    int Width,
    int Heads,
    int FeedForwardWidth,
    string Activation,
    float Epsilon,
    bool NormsFirst
)
{
    private const int MaxWidth = 1 << 16;

    /// <summary>Reads the settings of a config.json, under transformers' names.</summary>
    /// <exception cref="InvalidFileException">A setting is not supported.</exception>
    public static TransformerShape Read(JsonCursor json)
    {
        var shape = new TransformerShape(
            json.GetInt32("hidden_size", 1, MaxWidth, 768),
            json.GetInt32("num_attention_heads", 1, MaxWidth, 12),
            json.GetInt32("intermediate_size", 1, MaxWidth, 3072),
            SpeechActivation.Read(json, "hidden_act"),
            NormEpsilon.Read(json, "layer_norm_eps"),
            json.GetBoolean("do_stable_layer_norm", false)
        );
        RequireHeads(json, shape.Width, shape.Heads);
        return shape;
    }

    /// <summary>Requires that the heads divide the width.</summary>
    /// <param name="widthKey">The setting of the width.</param>
    /// <param name="headsKey">The setting of the heads.</param>
    /// <exception cref="InvalidFileException">They do not.</exception>
    public static void RequireHeads(
        JsonCursor json,
        int width,
        int heads,
        string widthKey = "hidden_size",
        string headsKey = "num_attention_heads"
    )
    {
        if (width % heads != 0)
            throw json.Error(
                $"{widthKey} {width} and {headsKey} {heads}",
                "heads that divide the width",
                "download the file again"
            );
    }
}

/// <summary>
/// The transformer layers of wav2vec 2.0 and its relatives, under transformers' names: attention and feed-forward, each
/// with a residual connection and a layer norm.
/// </summary>
internal sealed class TransformerLayers(GraphBuilder graph, SpeechLayers layers, TransformerShape shape)
{
    /// <summary>Adds a layer.</summary>
    /// <param name="x">[time, width].</param>
    /// <param name="path">The layer's name in the checkpoint.</param>
    /// <param name="createBias">
    /// Adds the bias of the attention scores, [1, heads, time, time], for the attention's input and its name in the
    /// checkpoint; null: no bias.
    /// </param>
    /// <returns>[time, width].</returns>
    public GraphValue Add(GraphValue x, string path, Func<GraphValue, string, GraphValue>? createBias = null)
    {
        GraphValue Attend(GraphValue value) => AddAttention(value, $"{path}.attention", createBias);
        GraphValue AddFirstNorm(GraphValue value) => AddNorm(value, $"{path}.layer_norm");
        GraphValue AddSecondNorm(GraphValue value) => AddNorm(value, $"{path}.final_layer_norm");
        if (shape.NormsFirst)
        {
            x = graph.Add(x, Attend(AddFirstNorm(x)));
            return graph.Add(x, AddFeedForward(AddSecondNorm(x), $"{path}.feed_forward"));
        }
        x = AddFirstNorm(graph.Add(x, Attend(x)));
        return AddSecondNorm(graph.Add(x, AddFeedForward(x, $"{path}.feed_forward")));
    }

    /// <summary>Adds the layers of the encoder up to the deepest selected one.</summary>
    /// <param name="x">[time, width], the input of the first layer.</param>
    /// <param name="createBias">As for <see cref="Add"/>.</param>
    /// <returns>[time, width] each: the input of the first layer, then the output of each.</returns>
    public List<GraphValue> AddEncoder(
        GraphValue x,
        LayerSelection selection,
        Func<GraphValue, string, GraphValue>? createBias = null
    )
    {
        List<GraphValue> states = [x];
        for (var layer = 0; layer < selection.Last; layer++)
            states.Add(x = Add(x, $"encoder.layers.{layer}", createBias));
        return states;
    }

    /// <summary>A layer norm over the width, with the layers' epsilon.</summary>
    public GraphValue AddNorm(GraphValue x, string path) => layers.AddNorm(x, path, shape.Width, shape.Epsilon);

    private GraphValue AddAttention(GraphValue x, string path, Func<GraphValue, string, GraphValue>? createBias)
    {
        GraphValue Project(string name) =>
            graph.Unsqueeze(layers.AddLinear(x, $"{path}.{name}", shape.Width, shape.Width), 0); // [1, time, width]
        var bias = createBias?.Invoke(x, path) ?? default;
        var attended = graph.MultiHeadAttention(
            Project("q_proj"),
            Project("k_proj"),
            Project("v_proj"),
            shape.Heads,
            bias
        );
        return layers.AddLinear(graph.Squeeze(attended, 0), $"{path}.out_proj", shape.Width, shape.Width);
    }

    private GraphValue AddFeedForward(GraphValue x, string path)
    {
        x = layers.AddLinear(x, $"{path}.intermediate_dense", shape.Width, shape.FeedForwardWidth);
        return layers.AddLinear(
            SpeechActivation.AddToGraph(graph, shape.Activation, x),
            $"{path}.output_dense",
            shape.FeedForwardWidth,
            shape.Width
        );
    }
}
