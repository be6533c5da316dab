using AttnCrnn.Numerics.Elementwise;

namespace AttnCrnn.Models.Layers;

/// <summary>Softmax.</summary>
internal static class Softmax
{
    /// <summary>Probabilities from logits, eˣ / Σ eˣ; subtracts the maximum first to avoid overflow.</summary>
    public static void Apply(Span<float> x)
    {
        VectorMath.AddScalar(x, -VectorMath.Max(x), x);
        VectorMath.Exp(x, x);
        VectorMath.Scale(x, 1 / VectorMath.Sum(x), x);
    }
}
