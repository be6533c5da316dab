using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Conformer;

/// <summary>
/// Wav2Vec2-Conformer as transformers' Wav2Vec2ConformerModel computes it: convolutions over the samples, a projection,
/// then Conformer layers and a norm. The checkpoints' position convolution is not used.
/// </summary>
internal sealed class ConformerNetwork(ConformerConfig config, WaveformPreprocessing preprocessing)
    : WaveformNetwork(config.Convolutions, preprocessing, config.Layers, config.Shape.Width, config.IsSpeechRecognizer)
{
    public override IReadOnlyList<GraphValue> AddHiddenStates(
        GraphBuilder graph,
        SpeechWeights weights,
        LayerSelection layers,
        bool quantizeInt8,
        GraphValue input
    )
    {
        var parts = new SpeechLayers(graph, weights, quantizeInt8);
        var conformer = new ConformerLayers(graph, weights, parts, config.Shape);
        var x = config.Convolutions.AddToGraph(graph, weights, parts, input); // [frames, channels]
        x = config.Projection.AddToGraph(graph, weights, parts, x); // [frames, width]
        List<GraphValue> states = [x];
        if (layers.Last > 0)
        {
            var attention = CreateAttention(graph, weights, conformer, x);
            for (var layer = 0; layer < layers.Last; layer++)
                states.Add(x = conformer.Add(x, $"encoder.layers.{layer}", attention));
        }
        if (layers.HasFinalNorm)
            states[^1] = parts.AddNorm(x, "encoder.layer_norm", config.Shape.Width, config.Epsilon);
        return states[layers.First..];
    }

    private Func<GraphValue, string, GraphValue> CreateAttention(
        GraphBuilder graph,
        SpeechWeights weights,
        ConformerLayers conformer,
        GraphValue x
    ) =>
        config.IsRotary
            ? new RotaryAttention(graph, conformer, config.Shape, config.RotaryBase, x).Add
            : new RelativeAttention(graph, weights, conformer, config.Shape, x).Add;
}
