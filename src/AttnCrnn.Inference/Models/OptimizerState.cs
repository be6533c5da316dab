namespace AttnCrnn.Models;

/// <summary>The state of Adam or AdamW as Keras stores it in an archive.</summary>
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
)
{
    /// <summary>Decoupled weight decay of AdamW; null: plain Adam.</summary>
    public double? WeightDecay { get; init; }

    /// <summary>The norm of all gradients that clipping permits; null: no clipping.</summary>
    public double? GlobalClipNorm { get; init; }
}
