using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Wav2Vec2;

/// <summary>A network of the wav2vec 2.0 family.</summary>
internal sealed class Wav2Vec2Network(Wav2Vec2Config config, WaveformPreprocessing preprocessing)
    : WaveformNetwork(config.Convolutions, preprocessing, config.Layers, config.Width, config.IsSpeechRecognizer)
{
    public override IReadOnlyList<GraphValue> AddHiddenStates(
        GraphBuilder graph,
        SpeechWeights weights,
        LayerSelection layers,
        bool quantizeInt8,
        GraphValue input
    ) => new Wav2Vec2Graph(graph, config, weights, quantizeInt8).SelectStates(layers, input);
}
