using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Simd;

namespace AttnCrnn.Models.Losses;

/// <summary>Categorical cross-entropy, -Σ y ln p; its gradient with respect to the logits is p - y.</summary>
internal sealed class CrossEntropy : ILoss
{
    /// <summary>The smallest normal float, to which probabilities are clamped before the logarithm.</summary>
    public const float MinProbability = 1.17549435e-38f;

    public double Compute(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> target, Span<float> gradient)
    {
        var loss = 0.0;
        for (var k = 0; k < probabilities.Length; k++)
            if (target[k] != 0)
                loss -= target[k] * PortableMath.Log(Math.Max(probabilities[k], MinProbability));
        VectorMath.Subtract(probabilities, target, gradient);
        return loss;
    }
}
