using AttnCrnn.Encoders.Classifiers.Heads;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Formats.Checkpoints;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Classifiers;

/// <summary>The encoder and the head of a published classifier as one graph.</summary>
/// <param name="graph">Receives the operators.</param>
/// <param name="location">Where the weights of the graph are stored.</param>
internal sealed class ClassifierGraph(
    GraphBuilder graph,
    SpeechCheckpoint checkpoint,
    CheckpointFiles files,
    WeightsLocation location
)
{
    /// <summary>Size in bytes of the weights read so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>The folder of memory-mapped tensors; null if there are none.</summary>
    public string? Folder { get; private set; }

    /// <summary>The hidden states that a head takes.</summary>
    public static LayerSelection SelectLayers(ISpeechNetwork network, IClassifierHead head) =>
        head.UsesAllStates
            ? LayerSelection.CreateAllWithFinalNorm(network.Layers)
            : new(network.Layers, network.Layers, LayerKind.Last);

    /// <summary>Adds all hidden layers of the encoder, and the head.</summary>
    /// <param name="input">The graph input of the network, or what its preprocessing computes.</param>
    /// <returns>[1, outputs], before softmax or sigmoid.</returns>
    /// <exception cref="InvalidInputException">The tensors do not fit the configuration.</exception>
    public GraphValue AddLogits(ISpeechNetwork network, IClassifierHead head, GraphValue input)
    {
        var encoderWeights = CreateWeights(network.RequiredTensor);
        var states = network.AddHiddenStates(
            graph,
            encoderWeights,
            SelectLayers(network, head),
            quantizeInt8: false,
            input
        );
        if (head.OmitsPadding)
            states = [.. states.Select(state => network.AddPaddingRemoval(graph, state, input))];
        var headWeights = CreateWeights(head.RequiredTensor);
        var logits = head.AddToGraph(graph, headWeights, states);
        encoderWeights.ThrowIfIncomplete();
        headWeights.ThrowIfIncomplete();
        Bytes = encoderWeights.Bytes + headWeights.Bytes;
        Folder = encoderWeights.Folder ?? headWeights.Folder;
        return logits;
    }

    private SpeechWeights CreateWeights(string requiredTensor) =>
        new(files, graph, location, requiredTensor, checkpoint.Family.Layout.ConfigFile);
}
