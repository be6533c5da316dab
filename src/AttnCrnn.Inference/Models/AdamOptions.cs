namespace AttnCrnn.Models;

/// <summary>Adam's hyperparameters (Kingma and Ba 2015); as in Keras, ε is outside the bias correction.</summary>
public readonly record struct AdamOptions(
    double LearningRate,
    double Beta1 = 0.9,
    double Beta2 = 0.98,
    double Epsilon = 1e-7
);
