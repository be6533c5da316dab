namespace AttnCrnn.Models;

/// <summary>Adam after some steps, as Keras keeps it in an archive.</summary>
/// <param name="Steps">Steps done.</param>
/// <param name="LearningRate">Of the next step.</param>
/// <param name="Moments">The means of the gradients, a tensor for each that is trained, under its name; empty before the first step.</param>
/// <param name="Velocities">The means of their squares.</param>
public sealed record OptimizerState(
    long Steps,
    float LearningRate,
    double Beta1,
    double Beta2,
    double Epsilon,
    IReadOnlyList<ModelTensor> Moments,
    IReadOnlyList<ModelTensor> Velocities
);
