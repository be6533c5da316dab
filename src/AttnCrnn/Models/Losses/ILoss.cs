namespace AttnCrnn.Models.Losses;

/// <summary>
/// A loss of a classifier. Class weights and the average over the batch are applied by <see cref="TrainingStep"/>.
/// </summary>
internal interface ILoss
{
    /// <summary>Computes the loss of one clip, and its gradient with respect to the logits.</summary>
    /// <param name="probabilities">[classes], the softmax of the logits.</param>
    /// <param name="target">[classes], probabilities that sum to 1.</param>
    /// <param name="gradient">Receives [classes].</param>
    double Compute(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> target, Span<float> gradient);
}
