namespace AttnCrnn.Models;

/// <summary>The contents of a model file.</summary>
/// <param name="Info">The network, its input and labels, and its origin.</param>
/// <param name="Tensors">The weights, in the order of the network's parameters.</param>
/// <param name="Optimizer">
/// The optimizer's state when the model was saved; null if it was not requested, or if the file has neither a plain
/// Adam nor an AdamW.
/// </param>
/// <param name="Notices">Warnings, one line each.</param>
public sealed record TrainedModel(
    TrainedModelInfo Info,
    IReadOnlyList<ModelTensor> Tensors,
    OptimizerState? Optimizer,
    IReadOnlyList<string> Notices
);
