namespace AttnCrnn.Models;

/// <summary>Adam as the recipe sets it (Kingma and Ba 2015; Keras puts ε outside the bias correction).</summary>
public readonly record struct AdamOptions(
    double LearningRate,
    double Beta1 = 0.9,
    double Beta2 = 0.98,
    double Epsilon = 1e-7
);
