using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Wav2Vec2;

/// <summary>
/// A network of the wav2vec 2.0 family. Its input is the samples themselves, normalized over the whole recording if the
/// checkpoint requires it.
/// </summary>
internal sealed class Wav2Vec2Network(Wav2Vec2Config config, Wav2Vec2Preprocessing preprocessing) : ISpeechNetwork
{
    public string RequiredTensor => "feature_extractor.conv_layers.0.conv.weight";

    public int Layers => config.Layers;

    public int Width => config.Width;

    public int Hop => config.Hop;

    /// <summary>The middle layers, which carry more about the voice than the last (docs/encoders.md).</summary>
    public string DefaultLayers => LayerSelection.DefaultOfTwelveLayers;

    public double MaxSeconds => double.PositiveInfinity;

    public string RevisionSuffix => "";

    public int CountFrames(int samples) => config.CountFrames(samples);

    public int CountSamples(int frames) => ((frames - 1) * config.Hop) + config.ReceptiveField;

    public string? DescribeWarning(LayerSelection layers) =>
        config.IsSpeechRecognizer && layers.First == config.Layers
            ? "was fine-tuned for speech recognition, and its last layer encodes letters rather than voices "
                + $"(see docs/encoders.md): try --layers {DefaultLayers}"
            : null;

    public float[] PrepareSamples(ReadOnlySpan<float> waveform) => preprocessing.Apply(waveform);

    public (float[] Values, int[] Shape) CreateInput(ReadOnlySpan<float> samples) =>
        (samples.ToArray(), [1, 1, 1, samples.Length]);

    public GraphValue CreateInput(GraphBuilder graph, string name) => graph.AddInput(name, 1, 1, 1, -1);

    public GraphValue AddPreprocessing(GraphBuilder graph, GraphValue samples) =>
        graph.Unsqueeze(preprocessing.AddToGraph(graph, samples), 0, 1, 2);

    public IReadOnlyList<GraphValue> AddHiddenStates(
        GraphBuilder graph,
        SpeechWeights weights,
        LayerSelection layers,
        bool quantizeInt8,
        GraphValue input
    ) => new Wav2Vec2Graph(graph, config, weights, quantizeInt8).SelectStates(layers, input);
}
