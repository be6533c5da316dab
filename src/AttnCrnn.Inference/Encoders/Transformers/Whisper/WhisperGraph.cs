using AttnCrnn.Encoders.Transformers.Layers;
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
        var x = FrameConvolution.ToChannels(graph, logMel); // [1, bands, 1, mel frames]
        x = AddConvolution(x, "conv1", config.MelBands, stride: 1); // [1, width, 1, mel frames]
        x = AddConvolution(x, "conv2", config.Width, stride: 2); // [1, width, 1, frames]
        x = FrameConvolution.ToFrames(graph, x); // [frames, width]
        x = graph.Add(x, AddPositions(x));
        List<GraphValue> states = [x];
        for (var layer = 0; layer < choice.Last; layer++)
            states.Add(x = AddLayer(x, $"layers.{layer}"));
        if (choice.HasFinalNorm)
            states[^1] = AddNorm(x, "layer_norm");
        return states[choice.First..];
    }

    private GraphValue AddConvolution(GraphValue x, string path, int channels, int stride)
    {
        var kernel = weights.AddTensor(
            $"{path}.weight",
            [config.Width, channels, Taps],
            [config.Width, channels, 1, Taps]
        );
        return graph.Gelu(
            graph.ConvolutionAlongTime(x, kernel, weights.AddTensor($"{path}.bias", config.Width), Taps, stride, 1, 1)
        );
    }

    private GraphValue AddPositions(GraphValue x) =>
        // [frames, width].
        graph.SliceEnd(
            weights.AddTensor("embed_positions.weight", config.Positions, config.Width),
            0,
            graph.Length(x, 0)
        );

    private GraphValue AddLayer(GraphValue x, string path)
    {
        x = graph.Add(x, AddAttention(AddNorm(x, $"{path}.self_attn_layer_norm"), $"{path}.self_attn"));
        return graph.Add(x, AddFeedForward(AddNorm(x, $"{path}.final_layer_norm"), path));
    }

    private GraphValue AddAttention(GraphValue x, string path)
    {
        var query = AddLinear("q_proj");
        var key = AddLinear("k_proj", hasBias: false);
        var value = AddLinear("v_proj");
        var attended = graph.MultiHeadAttention(query, key, value, config.Heads); // [1, frames, width]
        return layers.AddLinear(graph.Squeeze(attended, 0), $"{path}.out_proj", config.Width, config.Width);

        GraphValue AddLinear(string name, bool hasBias = true) =>
            graph.Unsqueeze(layers.AddLinear(x, $"{path}.{name}", config.Width, config.Width, hasBias), 0);
    }

    private GraphValue AddFeedForward(GraphValue x, string path)
    {
        x = layers.AddLinear(x, $"{path}.fc1", config.Width, config.FeedForward);
        return layers.AddLinear(
            SpeechActivation.AddToGraph(graph, config.Activation, x),
            $"{path}.fc2",
            config.FeedForward,
            config.Width
        );
    }

    private GraphValue AddNorm(GraphValue x, string path) => layers.AddNorm(x, path, config.Width, NormEpsilon);
}
