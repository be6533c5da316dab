namespace AttnCrnn.Models;

/// <summary>The contents of a model file.</summary>
/// <param name="Info">The network, its input and labels, and its origin.</param>
/// <param name="Tensors">The weights, in the order of the network's parameters.</param>
/// <param name="Optimizer">
/// Adam's state when the model was saved; null if it was not requested or the file has no plain Adam.
/// </param>
/// <param name="Notices">Warnings, one line each.</param>
public sealed record TrainedModel(
    TrainedModelInfo Info,
    IReadOnlyList<ModelTensor> Tensors,
    OptimizerState? Optimizer,
    IReadOnlyList<string> Notices
);
