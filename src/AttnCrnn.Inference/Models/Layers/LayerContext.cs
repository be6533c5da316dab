using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers;

/// <summary>What a layer is created from, besides its declaration.</summary>
internal sealed record LayerContext
{
    /// <summary>Name of the layer.</summary>
    public required string Name { get; init; }

    /// <summary>Number of layers with the same base name before this one.</summary>
    public required int Occurrence { get; init; }

    /// <summary>The parameters of the network.</summary>
    public required Parameters Parameters { get; init; }

    /// <summary>The threads of the network.</summary>
    public required WorkerPool Workers { get; init; }

    /// <summary>Size of the input.</summary>
    public required LayerSize Input { get; init; }

    /// <summary>Whether to allocate memory for gradients.</summary>
    public required bool Training { get; init; }

    /// <summary>
    /// Whether <see cref="Layer.Backward"/> returns the gradient of the input: whether a layer before this one has
    /// parameters.
    /// </summary>
    public required bool HasInputGradient { get; init; }

    /// <summary>Whether convolutions are computed directly, instead of by Winograd's algorithm.</summary>
    public required bool ExactConvolution { get; init; }

    /// <summary>The largest batch.</summary>
    public BatchCapacity Capacity => Input.Capacity;

    /// <summary>Feature dimension of the input.</summary>
    public int Width => Input.Width;

    /// <summary>A parameter of the layer.</summary>
    /// <param name="part">Its name without the layer's.</param>
    public Parameter GetParameter(string part) => Parameters[$"{Name}/{part}"];
}
