using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers;

/// <summary>
/// A frozen network as described by its configuration: everything that <see cref="SpeechEncoder"/> needs to run any
/// family over chunks of a recording and to export it. The whole recording passes through <see cref="PrepareSamples"/>,
/// then each chunk through <see cref="CreateInput(ReadOnlySpan{float})"/> and the graph.
/// </summary>
internal interface ISpeechNetwork : IFrameGrid
{
    /// <summary>
    /// Name of a tensor that every checkpoint of the family has. A checkpoint may put a prefix before it; all tensor
    /// names then have this prefix.
    /// </summary>
    string RequiredTensor { get; }

    /// <summary>Number of transformer layers; hidden states are numbered 0 to this.</summary>
    int Layers { get; }

    /// <summary>Feature dimension of a hidden state.</summary>
    int Width { get; }

    /// <summary>The default layers.</summary>
    string DefaultLayers { get; }

    /// <summary>Maximum length of a chunk in seconds; infinity if unlimited.</summary>
    double MaxSeconds { get; }

    /// <summary>Suffix of the revision, if the family has several ways to compute frames; otherwise empty.</summary>
    string RevisionSuffix { get; }

    /// <summary>
    /// The grid of the selected layers' frames: usually the network's own, but the layers of some networks run at a
    /// lower rate than their output.
    /// </summary>
    IFrameGrid GetGrid(LayerSelection layers) => this;

    /// <summary>A warning about a choice of layers, or null.</summary>
    string? DescribeWarning(LayerSelection layers);

    /// <summary>Preprocesses a recording before it is split into chunks.</summary>
    /// <param name="waveform">[samples], 16 kHz mono.</param>
    /// <returns>[samples].</returns>
    float[] PrepareSamples(ReadOnlySpan<float> waveform);

    /// <summary>The graph input for a chunk, and its shape.</summary>
    /// <param name="samples">[samples], prepared.</param>
    (float[] Values, int[] Shape) CreateInput(ReadOnlySpan<float> samples);

    /// <summary>Adds the graph input.</summary>
    GraphValue CreateInput(GraphBuilder graph, string name);

    /// <summary><see cref="PrepareSamples"/> and <see cref="CreateInput(ReadOnlySpan{float})"/> as operators.</summary>
    /// <param name="samples">[samples], 16 kHz mono.</param>
    GraphValue AddPreprocessing(GraphBuilder graph, GraphValue samples);

    /// <summary>
    /// The selected hidden states, each [frames, width]; layers above the deepest one are not computed.
    /// </summary>
    /// <param name="quantizeInt8">Whether to quantize the transformer's linear layers to int8.</param>
    IReadOnlyList<GraphValue> AddHiddenStates(
        GraphBuilder graph,
        SpeechWeights weights,
        LayerSelection layers,
        bool quantizeInt8,
        GraphValue input
    );

    /// <summary>
    /// Selects the frames that are not padding from a hidden state of the whole recording: those over which
    /// transformers' classifiers take the mean.
    /// </summary>
    /// <param name="state">[frames, width].</param>
    /// <param name="input">As for <see cref="AddHiddenStates"/>.</param>
    /// <returns>[frames without padding, width], at least one.</returns>
    GraphValue AddPaddingRemoval(GraphBuilder graph, GraphValue state, GraphValue input) => state;

    /// <summary>
    /// Selects the frames of a recording from those that the graph computes for <see cref="AddPreprocessing"/>.
    /// </summary>
    /// <param name="frames">[frames, …].</param>
    /// <param name="samples">[samples], as for <see cref="AddPreprocessing"/>.</param>
    GraphValue AddFrameSelection(GraphBuilder graph, GraphValue frames, GraphValue samples) => frames;
}
