namespace AttnCrnn.Models;

/// <summary>Adam's state as Keras stores it in an archive.</summary>
/// <param name="Steps">Steps completed.</param>
/// <param name="LearningRate">Learning rate of the next step.</param>
/// <param name="FirstMoments">
/// Moving averages of the gradients, one tensor per trainable tensor, under its name; empty before the first step.
/// </param>
/// <param name="SecondMoments">Moving averages of the squared gradients.</param>
public sealed record OptimizerState(
    long Steps,
    float LearningRate,
    double Beta1,
    double Beta2,
    double Epsilon,
    IReadOnlyList<ModelTensor> FirstMoments,
    IReadOnlyList<ModelTensor> SecondMoments
);
