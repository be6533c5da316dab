namespace AttnCrnn.Models;

/// <summary>What a model file holds.</summary>
/// <param name="Model">What the network is, what it takes and gives, and where it comes from.</param>
/// <param name="Tensors">Its weights, in the program's own order.</param>
/// <param name="Optimizer">Adam as it was when the model was saved; null where the file has no plain Adam, or nobody asked.</param>
/// <param name="Notices">What the user should know although the model can be used; a line each.</param>
public sealed record TrainedModel(
    TrainedModelInfo Model,
    IReadOnlyList<ModelTensor> Tensors,
    OptimizerState? Optimizer,
    IReadOnlyList<string> Notices
);
