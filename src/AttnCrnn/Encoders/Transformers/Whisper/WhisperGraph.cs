using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Whisper;

/// <summary>
/// Whisper's encoder as a graph, as transformers' WhisperEncoder computes it, up to the deepest selected layer.
/// </summary>
internal sealed class WhisperGraph
{
    private const float NormEpsilon = 1e-5f;
    private const int Taps = 3;

    private readonly WhisperConfig config;
    private readonly GraphBuilder graph;
    private readonly SpeechWeights weights;
    private readonly SpeechLayers layers;

    public WhisperGraph(GraphBuilder graph, WhisperConfig config, SpeechWeights weights, bool quantizeInt8)
    {
        this.graph = graph;
        this.config = config;
        this.weights = weights;
        layers = new SpeechLayers(graph, weights, quantizeInt8);
    }

    /// <summary>The selected hidden states, each [frames, width].</summary>
    /// <param name="logMel">[mel frames, bands]; twice as many mel frames as frames, rounded.</param>
    public IReadOnlyList<GraphValue> SelectStates(LayerSelection choice, GraphValue logMel)
    {
        var x = graph.Unsqueeze(graph.Transpose(logMel, 1, 0), 0, 2); // [1, bands, 1, mel frames]
        x = Convolution(x, "conv1", config.MelBands, stride: 1); // [1, width, 1, mel frames]
        x = Convolution(x, "conv2", config.Width, stride: 2); // [1, width, 1, frames]
        x = graph.Transpose(graph.Squeeze(x, 0, 2), 1, 0); // [frames, width]
        x = graph.Add(x, Positions(x));
        List<GraphValue> states = [x];
        for (var layer = 0; layer < choice.End; layer++)
            states.Add(x = Layer(x, $"layers.{layer}"));
        if (choice.Kind == LayerKind.Last)
            states[^1] = Norm(x, "layer_norm");
        return states[choice.First..];
    }

    private GraphValue Convolution(GraphValue x, string path, int channels, int stride)
    {
        var kernel = weights.Tensor(
            $"{path}.weight",
            [config.Width, channels, Taps],
            [config.Width, channels, 1, Taps]
        );
        return graph.Gelu(
            graph.ConvolutionAlongTime(x, kernel, weights.Tensor($"{path}.bias", config.Width), Taps, stride, 1, 1)
        );
    }

    private GraphValue Positions(GraphValue x) =>
        // [frames, width].
        graph.SliceEnd(weights.Tensor("embed_positions.weight", config.Positions, config.Width), 0, graph.Length(x, 0));

    private GraphValue Layer(GraphValue x, string path)
    {
        x = graph.Add(x, Attention(Norm(x, $"{path}.self_attn_layer_norm"), $"{path}.self_attn"));
        return graph.Add(x, FeedForward(Norm(x, $"{path}.final_layer_norm"), path));
    }

    private GraphValue Attention(GraphValue x, string path)
    {
        var query = Linear("q_proj");
        var key = Linear("k_proj", hasBias: false);
        var value = Linear("v_proj");
        var attended = graph.MultiHeadAttention(query, key, value, config.Heads); // [1, frames, width]
        return layers.Linear(graph.Squeeze(attended, 0), $"{path}.out_proj", config.Width, config.Width);

        GraphValue Linear(string name, bool hasBias = true) =>
            graph.Unsqueeze(layers.Linear(x, $"{path}.{name}", config.Width, config.Width, hasBias), 0);
    }

    private GraphValue FeedForward(GraphValue x, string path)
    {
        x = layers.Linear(x, $"{path}.fc1", config.Width, config.FeedForward);
        return layers.Linear(
            SpeechActivation.Add(graph, config.Activation, x),
            $"{path}.fc2",
            config.FeedForward,
            config.Width
        );
    }

    private GraphValue Norm(GraphValue x, string path) => layers.Norm(x, path, config.Width, NormEpsilon);
}
