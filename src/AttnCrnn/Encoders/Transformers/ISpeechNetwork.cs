using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers;

/// <summary>
/// A frozen network as its configuration describes it: what <see cref="SpeechEncoder"/>, which knows of no family,
/// needs to run it over chunks of a recording and to export it. A recording goes through <see cref="Prepare"/> as a
/// whole, then each chunk through <see cref="Input(ReadOnlySpan{float})"/> and the graph.
/// </summary>
internal interface ISpeechNetwork
{
    /// <summary>
    /// A tensor that every checkpoint of the family has: what stands before it is the prefix of all names.
    /// </summary>
    string RequiredTensor { get; }

    /// <summary>Transformer layers; hidden states are numbered 0 to this.</summary>
    int Layers { get; }

    /// <summary>Feature dimension of a hidden state.</summary>
    int Width { get; }

    /// <summary>Samples from one frame to the next.</summary>
    int Hop { get; }

    /// <summary>The layers that are taken where none are named.</summary>
    string DefaultLayers { get; }

    /// <summary>
    /// The longest recording that goes through the network at once, in seconds; infinity where there is no limit.
    /// </summary>
    double MaxSeconds { get; }

    /// <summary>
    /// What ends the revision of frames, where the family has more than one way to compute them; empty otherwise.
    /// </summary>
    string RevisionSuffix { get; }

    /// <summary>Frames of so many samples.</summary>
    int Frames(int samples);

    /// <summary>Samples of a chunk that gives so many frames.</summary>
    int ChunkSamples(int frames);

    /// <summary>What a user should know of a choice of layers; null: nothing.</summary>
    string? Warning(LayerSelection layers);

    /// <summary>What is done to a recording before it is cut into chunks.</summary>
    /// <param name="waveform">[samples], 16 kHz mono.</param>
    /// <returns>[samples].</returns>
    float[] Prepare(ReadOnlySpan<float> waveform);

    /// <summary>The graph's input for a chunk, and its shape.</summary>
    /// <param name="samples">[samples], prepared.</param>
    (float[] Values, int[] Shape) Input(ReadOnlySpan<float> samples);

    /// <summary>The graph's input.</summary>
    GraphValue Input(GraphBuilder graph, string name);

    /// <summary><see cref="Prepare"/> and <see cref="Input(ReadOnlySpan{float})"/> as operators.</summary>
    /// <param name="samples">[samples], 16 kHz mono.</param>
    GraphValue Preprocess(GraphBuilder graph, GraphValue samples);

    /// <summary>The hidden states that are wanted, each [frames, width]; nothing above the deepest one.</summary>
    /// <param name="quantizeInt8">Whether the transformer's linear layers are int8.</param>
    IReadOnlyList<GraphValue> HiddenStates(
        GraphBuilder graph,
        SpeechWeights weights,
        LayerSelection layers,
        bool quantizeInt8,
        GraphValue input
    );

    /// <summary>The frames of a recording among those that the graph gives for <see cref="Preprocess"/>.</summary>
    /// <param name="frames">[frames, …].</param>
    /// <param name="samples">[samples], as for <see cref="Preprocess"/>.</param>
    GraphValue FramesKept(GraphBuilder graph, GraphValue frames, GraphValue samples) => frames;
}
