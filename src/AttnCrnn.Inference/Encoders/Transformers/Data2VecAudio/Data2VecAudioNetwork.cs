using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Data2VecAudio;

/// <summary>
/// data2vec-audio as transformers' Data2VecAudioModel computes it: convolutions over the samples, a projection,
/// position convolutions, then the transformer layers, whose norms follow attention and feed-forward.
/// </summary>
internal sealed class Data2VecAudioNetwork(Data2VecAudioConfig config, WaveformPreprocessing preprocessing)
    : WaveformNetwork(
        config.Convolutions,
        preprocessing,
        config.Layers,
        config.Transformer.Width,
        config.IsSpeechRecognizer
    )
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
        var transformer = new TransformerLayers(graph, parts, config.Transformer);
        var x = config.Convolutions.AddToGraph(graph, weights, parts, input); // [frames, channels]
        x = config.Projection.AddToGraph(graph, weights, parts, x); // [frames, width]
        var positions = config.Positions.AddToGraph(graph, weights, x, i => $"encoder.pos_conv_embed.layers.{i}.conv");
        x = transformer.AddNorm(graph.Add(x, positions), "encoder.layer_norm");
        return transformer.AddEncoder(x, layers)[layers.First..];
    }
}
