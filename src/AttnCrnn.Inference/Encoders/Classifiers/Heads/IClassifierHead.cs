using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Formats.Checkpoints;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Classifiers.Heads;

/// <summary>A kind of classification head, recognized by the names and shapes of its tensors.</summary>
internal interface IClassifierHead
{
    /// <summary>Full name of a tensor that the head has.</summary>
    string RequiredTensor { get; }

    /// <summary>Number of outputs.</summary>
    int Outputs { get; }

    /// <summary>Whether the head weights all hidden states, instead of using the last one.</summary>
    bool UsesAllStates { get; }

    /// <summary>Whether the head omits the frames that the network computes for padding.</summary>
    bool OmitsPadding { get; }

    /// <summary>Adds the head to a graph.</summary>
    /// <param name="weights">The tensors of the checkpoint, under their full names.</param>
    /// <param name="states">
    /// [frames, width] each: the last hidden state, or all of them, of which the last is after the final norm.
    /// </param>
    /// <returns>[1, outputs], without softmax.</returns>
    GraphValue AddToGraph(GraphBuilder graph, SpeechWeights weights, IReadOnlyList<GraphValue> states);
}

/// <summary>Recognizes a head.</summary>
internal interface IClassifierHeadKind
{
    /// <summary>The tensors by which the head is recognized, for messages.</summary>
    string Tensors { get; }

    /// <summary>The head of a checkpoint; null if it has another one or none.</summary>
    IClassifierHead? Find(HeadTensors tensors, ClassifierSettings settings);
}

/// <summary>The tensors of a checkpoint that can belong to a head.</summary>
/// <param name="Width">Feature dimension of the encoder's frames.</param>
internal sealed record HeadTensors(CheckpointFiles Files, int Width)
{
    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Contains(string name) => Files.Tensors.ContainsKey(name);

    /// <summary>The sizes of a matrix [rows, columns]; null if it is missing.</summary>
    /// <param name="columns">The number of columns that the head needs.</param>
    /// <exception cref="InvalidInputException">It has another shape.</exception>
    public int? FindRows(string name, int columns)
    {
        if (!Files.Tensors.TryGetValue(name, out var tensor))
            return null;
        return tensor.Shape is [var rows, var actual] && actual == columns && rows is > 0 and <= int.MaxValue
            ? (int)rows
            : throw new InvalidInputException(
                Files.Path,
                $"{name} [{string.Join(", ", tensor.Shape)}], expected [outputs, {columns}]: the head does not fit the "
                    + "encoder; download the checkpoint again, or use another one"
            );
    }
}
