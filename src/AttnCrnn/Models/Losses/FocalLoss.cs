using AttnCrnn.Numerics.Simd;

namespace AttnCrnn.Models.Losses;

/// <summary>
/// Focal loss (Lin et al. 2017, "Focal loss for dense object detection") without class balancing,
/// -Σ y (1 - p)^γ ln p: clips that are predicted well have less weight. With γ = 0 it is the cross-entropy.
/// </summary>
/// <param name="gamma">γ, at least 0.</param>
internal sealed class FocalLoss(double gamma) : ILoss
{
    // With g = p · ∂loss/∂p = y (γ p (1 - p)^(γ - 1) ln p - (1 - p)^γ), and ∂pₖ/∂zⱼ =
    // pₖ (δₖⱼ - pⱼ) of the softmax, the gradient with respect to the logits z is gⱼ - pⱼ Σ g.
    public double Compute(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> target, Span<float> gradient)
    {
        var loss = 0.0;
        var sum = 0.0;
        for (var k = 0; k < probabilities.Length; k++)
        {
            var (value, slope) = target[k] == 0 ? default : ComputeTerm(probabilities[k]);
            loss += target[k] * value;
            sum += target[k] * slope;
            gradient[k] = (float)(target[k] * slope);
        }
        for (var k = 0; k < probabilities.Length; k++)
            gradient[k] = (float)(gradient[k] - (probabilities[k] * sum));
        return loss;
    }

    // -(1 - p)^γ ln p, and its derivative times p.
    private (double Value, double Slope) ComputeTerm(float probability)
    {
        var p = (double)Math.Max(probability, CrossEntropy.MinProbability);
        var complement = 1 - p;
        var logarithm = PortableMath.Log(p);
        if (complement <= 0) // where (1 - p)^(γ - 1) ln p, of which the limit is 0, would be infinity · 0
            return gamma == 0 ? (-logarithm, -1) : (0, 0);
        var factor = PortableMath.Exp(gamma * PortableMath.Log(complement));
        return (-factor * logarithm, factor * ((gamma * p * logarithm / complement) - 1));
    }
}
