using AttnCrnn.Kernels;

namespace AttnCrnn.Model;

/// <summary>Softmax, and its cross-entropy.</summary>
internal static class Softmax
{
    /// <summary>Shares from logits: eˣ / Σ eˣ, with the largest taken off first, so that nothing overflows.</summary>
    public static void InPlace(Span<float> x)
    {
        Elementwise.AddScalar(x, -Elementwise.Max(x), x);
        Elementwise.Exp(x, x);
        Elementwise.Scale(x, 1 / Elementwise.Sum(x), x);
    }

    /// <summary>-Σ target · ln share, with shares no less than float's least normal number.</summary>
    public static double CrossEntropy(ReadOnlySpan<float> shares, ReadOnlySpan<float> target)
    {
        var loss = 0.0;
        for (var k = 0; k < shares.Length; k++)
            if (target[k] != 0) loss -= target[k] * PlainMath.Log(Math.Max(shares[k], 1.17549435e-38f));
        return loss;
    }
}
