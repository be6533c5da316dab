using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Layers;

/// <summary>
/// A network that begins with convolutions over the samples. Its input is the samples themselves, normalized over the
/// whole recording if the checkpoint requires it.
/// </summary>
/// <param name="isSpeechRecognizer">Whether the model was fine-tuned for speech recognition.</param>
internal abstract class WaveformNetwork(
    WaveformConvolutions convolutions,
    WaveformPreprocessing preprocessing,
    int layers,
    int width,
    bool isSpeechRecognizer
) : ISpeechNetwork
{
    /// <summary>The middle layers of a twelve-layer network, which carry more about the voice than the last
    /// (docs/encoders.md).</summary>
    public const string MiddleLayers = LayerSelection.DefaultOfTwelveLayers;

    public virtual string RequiredTensor => "feature_extractor.conv_layers.0.conv.weight";

    public int Layers => layers;

    public int Width => width;

    public int Hop => convolutions.Hop;

    public virtual string DefaultLayers => MiddleLayers;

    public double MaxSeconds => double.PositiveInfinity;

    public string RevisionSuffix => "";

    public int CountFrames(int samples) => convolutions.CountFrames(samples);

    public int CountSamples(int frames) => convolutions.CountSamples(frames);

    public virtual IFrameGrid GetGrid(LayerSelection layers) => this;

    public string? DescribeWarning(LayerSelection layers) =>
        isSpeechRecognizer ? SpeechRecognizer.DescribeWarning(layers, Layers, DefaultLayers) : null;

    public float[] PrepareSamples(ReadOnlySpan<float> waveform) => preprocessing.Apply(waveform);

    public (float[] Values, int[] Shape) CreateInput(ReadOnlySpan<float> samples) =>
        (samples.ToArray(), [1, 1, 1, samples.Length]);

    public GraphValue CreateInput(GraphBuilder graph, string name) => graph.AddInput(name, 1, 1, 1, -1);

    public GraphValue AddPreprocessing(GraphBuilder graph, GraphValue samples) =>
        graph.Unsqueeze(preprocessing.AddToGraph(graph, samples), 0, 1, 2);

    public abstract IReadOnlyList<GraphValue> AddHiddenStates(
        GraphBuilder graph,
        SpeechWeights weights,
        LayerSelection layers,
        bool quantizeInt8,
        GraphValue input
    );
}
