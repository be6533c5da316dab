using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Emotion2Vec;

/// <summary>
/// emotion2vec as FunASR's Emotion2vec computes it. Hidden state 0 is the input of the first block of the audio
/// encoder; the blocks of the network follow those of the audio encoder. There is no norm after the last one.
/// </summary>
internal sealed class Emotion2VecNetwork(Emotion2VecConfig config, WaveformPreprocessing preprocessing)
    : WaveformNetwork(config.Convolutions, preprocessing, config.Layers, config.Width, isSpeechRecognizer: false)
{
    /// <summary>The last layer, which the authors use as features.</summary>
    public const string LastLayer = "last";

    public override string RequiredTensor => config.Convolutions.ConvolutionPath(0) + ".weight";

    public override string DefaultLayers => LastLayer;

    public override IReadOnlyList<GraphValue> AddHiddenStates(
        GraphBuilder graph,
        SpeechWeights weights,
        LayerSelection layers,
        bool quantizeInt8,
        GraphValue input
    )
    {
        weights.RequirePrefix(config.RemovedPrefixes, Emotion2VecConfig.ScopeMap);
        var parts = new SpeechLayers(graph, weights, quantizeInt8);
        var blocks = new Emotion2VecBlocks(graph, weights, parts, config);
        var x = config.Convolutions.AddToGraph(graph, weights, parts, input); // [frames, channels]
        x = config.Projection.AddToGraph(graph, weights, parts, x); // [frames, width]
        var positions = config.Positions.AddToGraph(graph, weights, x, i =>
            $"{Emotion2VecConfig.AudioPath}.relative_positional_encoder.{i + 1}.0"
        );
        x = blocks.AddExtraTokens(graph.Add(x, positions));
        x = parts.AddNorm(x, $"{Emotion2VecConfig.AudioPath}.context_encoder.norm", config.Width, config.Epsilon);
        List<GraphValue> states = [x];
        for (var layer = 0; layer < layers.Last; layer++)
            states.Add(x = blocks.Add(x, layer));
        return [.. states[layers.First..].Select(blocks.RemoveExtraTokens)];
    }
}
