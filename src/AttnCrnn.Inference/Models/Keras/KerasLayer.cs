using AttnCrnn.IO;

namespace AttnCrnn.Models.Keras;

/// <summary>A layer or operator of a Keras graph.</summary>
/// <param name="Name">Unique in the graph.</param>
/// <param name="ClassName">
/// For example <c>Conv1D</c>; for classes outside Keras with the package, as in <c>Custom>Conv1D</c>.
/// </param>
/// <param name="IsOperator">Whether it is an operation on tensors, such as <c>a + b</c>, rather than a layer.</param>
/// <param name="Folder">Path of its weights in model.weights.h5; empty for an operator.</param>
/// <param name="Config">Its options.</param>
/// <param name="Inputs">Names of its input layers, in the order of the positional arguments; may repeat.</param>
/// <param name="Call">
/// Other call arguments: by keyword, or by position as <c>argument 1</c>; null and false are omitted.
/// </param>
internal sealed record KerasLayer(
    string Name,
    string ClassName,
    bool IsOperator,
    string Folder,
    JsonCursor Config,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Call
)
{
    /// <summary>For error messages: <c>layer 'conv1d' (Conv1D)</c>.</summary>
    public override string ToString() =>
        $"{(IsOperator ? "operator" : "layer")} {InputFile.Quote(Name)} ({InputFile.Sanitize(ClassName)})";
}
