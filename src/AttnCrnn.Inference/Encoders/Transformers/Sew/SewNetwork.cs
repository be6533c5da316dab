using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Sew;

/// <summary>
/// SEW as transformers' SEWModel computes it. The hidden states are at the squeezed rate; <c>last</c> is upsampled to
/// the rate of the convolutions, and its frames after the last whole group are zero.
/// </summary>
internal sealed class SewNetwork(SewConfig config, WaveformPreprocessing preprocessing)
    : WaveformNetwork(
        config.Convolutions,
        preprocessing,
        config.Layers,
        config.Transformer.Width,
        config.IsSpeechRecognizer
    )
{
    public override IFrameGrid GetGrid(LayerSelection layers) =>
        new SewGrid(config.Convolutions, config.Squeeze, isSqueezed: layers.Kind != LayerKind.Last);

    public override IReadOnlyList<GraphValue> AddHiddenStates(
        GraphBuilder graph,
        SpeechWeights weights,
        LayerSelection layers,
        bool quantizeInt8,
        GraphValue input
    )
    {
        var parts = new SpeechLayers(graph, weights, quantizeInt8);
        var transformer = new TransformerLayers(graph, parts, config.Transformer);
        var x = config.Convolutions.AddToGraph(graph, weights, parts, input); // [frames, channels]
        var frames = graph.Length(x, 0);
        x = AddSqueeze(graph, weights, AddProjection(parts, x), graph.DivideInt64(frames, config.Squeeze));
        x = transformer.AddNorm(x, "encoder.layer_norm");
        var states = transformer.AddEncoder(x, layers);
        return layers.Kind == LayerKind.Last
            ? [AddUpsampling(graph, parts, states[^1], frames)]
            : states[layers.First..];
    }

    // The norm is at the top level; the linear layer only exists if it changes the width.
    private GraphValue AddProjection(SpeechLayers parts, GraphValue x)
    {
        var channels = config.Convolutions.Channels;
        x = parts.AddNorm(x, "layer_norm", channels, config.Transformer.Epsilon);
        return channels == config.Transformer.Width
            ? x
            : parts.AddLinear(x, "feature_projection", channels, config.Transformer.Width);
    }

    /// <param name="x">[frames, width].</param>
    /// <param name="count">Number of whole groups.</param>
    /// <returns>[count, width]: the mean of each group, and the positions.</returns>
    private GraphValue AddSqueeze(GraphBuilder graph, SpeechWeights weights, GraphValue x, GraphValue count)
    {
        var grouped = graph.SliceEnd(x, 0, graph.Multiply(count, graph.Int64(config.Squeeze)));
        var means = graph.Mean(graph.Reshape(grouped, -1, config.Squeeze, config.Transformer.Width), 1);
        var positions = config.Positions.AddToGraph(graph, weights, x);
        return graph.Add(means, graph.SliceEnd(positions, 0, count));
    }

    /// <param name="x">[groups, width].</param>
    /// <returns>[frames, width].</returns>
    private GraphValue AddUpsampling(GraphBuilder graph, SpeechLayers parts, GraphValue x, GraphValue frames)
    {
        var width = config.Transformer.Width;
        x = parts.AddLinear(x, "encoder.upsample.projection", width, width * config.Squeeze);
        x = SpeechActivation.AddToGraph(graph, config.Convolutions.Activation, x);
        return graph.PadToLength(graph.Reshape(x, -1, width), 0, 2, frames);
    }
}
