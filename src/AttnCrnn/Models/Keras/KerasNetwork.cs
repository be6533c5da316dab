namespace AttnCrnn.Models.Keras;

/// <summary>A graph that was found to be the network.</summary>
/// <param name="Options">Its layers and widths.</param>
/// <param name="InputName">Of the layer that the model begins with.</param>
/// <param name="FixedFrames">The length that the input must have; 0: any.</param>
/// <param name="Normalisation">The layer that frames go through first; null: none.</param>
/// <param name="Tensors">Where each of the network's tensors lies in model.weights.h5, in the order of <see cref="Parameters.Shapes"/>.</param>
/// <param name="Notices">What the user should know although the model can be used.</param>
internal sealed record KerasNetwork(
    NetworkOptions Options,
    string InputName,
    int FixedFrames,
    KerasLayer? Normalisation,
    IReadOnlyList<(string Name, string Path)> Tensors,
    IReadOnlyList<string> Notices
);
