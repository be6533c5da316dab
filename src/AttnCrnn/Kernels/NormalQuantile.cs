using System.Runtime.Intrinsics;

namespace AttnCrnn.Kernels;

/// <summary>The normal distribution's quantile by erf⁻¹ for float (Giles 2010, "Approximating the erfinv function"), eight at a time.</summary>
internal static class NormalQuantile
{
    /// <summary>The quantiles of (k + ½) / 2²⁴, where k is the upper 24 bits of each word.</summary>
    public static Vector256<float> Of(Vector256<uint> words)
    {
        // x = 2u - 1 is a float exactly; so is 1 + x, which the lower tail hangs on.
        var x = Vector256.FusedMultiplyAdd(
            Vector256.ConvertToSingle(Vector256.ShiftRightLogical(words, 8).AsInt32()), Vector256.Create(1f / (1 << 23)),
            Vector256.Create((1f / (1 << 24)) - 1));
        var w = -Elementwise.LogOf((Vector256<float>.One - x) * (Vector256<float>.One + x));
        var inner = Polynomial(w - Vector256.Create(2.5f), Inner);
        var outer = Polynomial(Vector256.Sqrt(Vector256.Max(w, Vector256<float>.Zero)) - Vector256.Create(3f), Outer);
        var p = Vector256.ConditionalSelect(Vector256.LessThan(w, Vector256.Create(5f)), inner, outer);
        return p * x * Vector256.Create(1.41421356f);
    }

    private static ReadOnlySpan<float> Inner =>
        [2.81022636e-08f, 3.43273939e-07f, -3.5233877e-06f, -4.39150654e-06f, 0.00021858087f, -0.00125372503f, -0.00417768164f, 0.246640727f, 1.50140941f];

    private static ReadOnlySpan<float> Outer =>
        [-0.000200214257f, 0.000100950558f, 0.00134934322f, -0.00367342844f, 0.00573950773f, -0.0076224613f, 0.00943887047f, 1.00167406f, 2.83297682f];

    private static Vector256<float> Polynomial(Vector256<float> w, ReadOnlySpan<float> coefficients)
    {
        var p = Vector256.Create(coefficients[0]);
        foreach (var coefficient in coefficients[1..]) p = Vector256.FusedMultiplyAdd(p, w, Vector256.Create(coefficient));
        return p;
    }
}
