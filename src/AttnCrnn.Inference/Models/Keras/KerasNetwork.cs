using AttnCrnn.Models.Weights;

namespace AttnCrnn.Models.Keras;

/// <summary>A Keras graph recognized as the network.</summary>
/// <param name="Options">Its layers and sizes.</param>
/// <param name="InputName">Name of the input layer.</param>
/// <param name="FixedFrames">Fixed input length, in frames; 0: any length.</param>
/// <param name="Normalization">The Normalization layer of the input; null: none.</param>
/// <param name="Tensors">
/// Path of each of the network's tensors in model.weights.h5, in the order of <see cref="Parameters.ListShapes"/>.
/// </param>
/// <param name="Notices">Warnings.</param>
internal sealed record KerasNetwork(
    NetworkOptions Options,
    string InputName,
    int FixedFrames,
    KerasLayer? Normalization,
    IReadOnlyList<(string Name, string Path)> Tensors,
    IReadOnlyList<string> Notices
)
{
    /// <summary>The temperature in the graph, as a Rescaling of the logits; null: none.</summary>
    public double? Temperature { get; init; }
}
