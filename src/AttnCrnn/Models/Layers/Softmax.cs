using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Simd;

namespace AttnCrnn.Models.Layers;

/// <summary>Softmax and cross-entropy.</summary>
internal static class Softmax
{
    /// <summary>Probabilities from logits, eˣ / Σ eˣ; subtracts the maximum first to avoid overflow.</summary>
    public static void Apply(Span<float> x)
    {
        VectorMath.AddScalar(x, -VectorMath.Max(x), x);
        VectorMath.Exp(x, x);
        VectorMath.Scale(x, 1 / VectorMath.Sum(x), x);
    }

    /// <summary>
    /// -Σ target · ln probability, with probabilities clamped to at least the smallest normal float.
    /// </summary>
    public static double ComputeCrossEntropy(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> target)
    {
        var loss = 0.0;
        for (var k = 0; k < probabilities.Length; k++)
            if (target[k] != 0)
                loss -= target[k] * PortableMath.Log(Math.Max(probabilities[k], 1.17549435e-38f));
        return loss;
    }
}
