using System.Text.Json;
using AttnCrnn.IO;

namespace AttnCrnn.Models.Keras;

/// <summary>One layer, or operator, of a Keras graph.</summary>
/// <param name="Name">Unique in the graph.</param>
/// <param name="ClassName">As in <c>Conv1D</c>; of what is no part of Keras with its package, as in <c>Custom>Conv1D</c>.</param>
/// <param name="IsOperator">Whether it is an operation on tensors, as <c>a + b</c> becomes, and no layer.</param>
/// <param name="Folder">Where its weights are in model.weights.h5; empty for an operator.</param>
/// <param name="Config">Its options.</param>
/// <param name="Inputs">The names of the layers that it takes, in the order of its positional arguments; one may stand twice.</param>
/// <param name="Call">What else it is called with: by keyword, or by position as <c>argument 1</c>; but for null and false.</param>
internal sealed record KerasLayer(
    string Name,
    string ClassName,
    bool IsOperator,
    string Folder,
    JsonElement Config,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Call
)
{
    /// <summary>For messages: <c>layer 'conv1d' (Conv1D)</c>.</summary>
    public override string ToString() =>
        $"{(IsOperator ? "operator" : "layer")} {InputFile.Quote(Name)} ({InputFile.Quote(ClassName)[1..^1]})";
}
