using System.Runtime.CompilerServices;

namespace AttnCrnn.Numerics.Simd;

/// <summary>
/// Elementwise functions by polynomials, accurate to a few units in the last place. System math libraries differ
/// between machines, and vector libraries between widths. exp is from Cephes (Moshier), erf is the rational function of
/// Eigen's float <c>erf</c>.
/// </summary>
internal static class LaneMath
{
    /// <summary>eˣ; 0 below -87.3, infinity above 88.7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x)
        where T : struct, ILanes<T>
    {
        T low = T.Broadcast(-87.33654f),
            high = T.Broadcast(88.72283f);
        // x = n ln 2 + r, |r| ≤ ln 2 / 2; n by adding 1.5·2²³, which rounds to nearest even. NaN propagates.
        var clamped = T.SelectLess(x, low, low, T.SelectLess(high, x, high, x));
        var shifter = T.Broadcast(12582912f);
        var shifted = T.MultiplyAdd(clamped, T.Broadcast(1.44269504f), shifter);
        var n = shifted - shifter;
        var r = T.MultiplyAdd(n, T.Broadcast(-0.693359375f), clamped);
        r = T.MultiplyAdd(n, T.Broadcast(2.12194440e-4f), r);
        var p = T.Broadcast(1.9875691500e-4f);
        p = T.MultiplyAdd(p, r, T.Broadcast(1.3981999507e-3f));
        p = T.MultiplyAdd(p, r, T.Broadcast(8.3334519073e-3f));
        p = T.MultiplyAdd(p, r, T.Broadcast(4.1665795894e-2f));
        p = T.MultiplyAdd(p, r, T.Broadcast(1.6666665459e-1f));
        p = T.MultiplyAdd(p, r, T.Broadcast(5.0000001201e-1f));
        p = T.MultiplyAdd(p, r * r, r) + T.Broadcast(1);
        var result = T.ScaleByPowerOfTwo(p, shifted);
        return T.SelectLess(x, low, T.Broadcast(0), T.SelectLess(high, x, T.Broadcast(float.PositiveInfinity), result));
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid<T>(T x)
        where T : struct, ILanes<T> => T.Broadcast(1) / (T.Broadcast(1) + Exp(T.Broadcast(0) - x));

    /// <summary>tanh x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x)
        where T : struct, ILanes<T>
    {
        var magnitude = T.Abs(x);
        // Near 0 the quotient loses precision; use the odd polynomial of Cephes' tanhf there.
        var square = x * x;
        var p = T.Broadcast(-5.70498872745e-3f);
        p = T.MultiplyAdd(p, square, T.Broadcast(2.06390887954e-2f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-5.37397155531e-2f));
        p = T.MultiplyAdd(p, square, T.Broadcast(1.33314422036e-1f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-3.33332819422e-1f));
        var polynomial = T.MultiplyAdd(p * square, x, x);
        var quotient = T.Broadcast(1) - (T.Broadcast(2) / (Exp(magnitude + magnitude) + T.Broadcast(1)));
        return T.SelectLess(magnitude, T.Broadcast(0.625f), polynomial, T.CopySign(quotient, x));
    }

    /// <summary>x Φ(x), the exact form (Hendrycks and Gimpel 2016), not the tanh approximation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Gelu<T>(T x)
        where T : struct, ILanes<T> => x * ComputeNormalCdf(x);

    /// <summary>Φ(x) + x φ(x), the derivative of <see cref="Gelu"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T GeluDerivative<T>(T x)
        where T : struct, ILanes<T>
    {
        var density = Exp(x * x * T.Broadcast(-0.5f)) * T.Broadcast(0.39894228f); // 1 / √(2π)
        return T.MultiplyAdd(x, density, ComputeNormalCdf(x));
    }

    /// <summary>
    /// x (1 + tanh u) / 2, u = √(2/π) (x + 0.044715 x³): the tanh approximation of <see cref="Gelu"/> (Hendrycks
    /// and Gimpel 2016), computed as x σ(2u).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T GeluTanh<T>(T x)
        where T : struct, ILanes<T> => x * Sigmoid(ComputeTanhGeluArgument(x));

    /// <summary>σ(2u) + x σ(2u) (1 - σ(2u)) 2u', the derivative of <see cref="GeluTanh"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T GeluTanhDerivative<T>(T x)
        where T : struct, ILanes<T>
    {
        var sigmoid = Sigmoid(ComputeTanhGeluArgument(x));
        // 2u' = 2 √(2/π) (1 + 3 · 0.044715 x²)
        var slope = T.MultiplyAdd(x * x, T.Broadcast(0.21406390f), T.Broadcast(1.59576912f));
        return T.MultiplyAdd(x * sigmoid * (T.Broadcast(1) - sigmoid), slope, sigmoid);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ComputeTanhGeluArgument<T>(T x)
        where T : struct, ILanes<T> => x * T.MultiplyAdd(x * x, T.Broadcast(0.07135482f), T.Broadcast(1.59576912f));

    // Φ(x) = (1 + erf(x / √2)) / 2
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ComputeNormalCdf<T>(T x)
        where T : struct, ILanes<T> =>
        T.MultiplyAdd(ComputeErf(x * T.Broadcast(0.70710678f)), T.Broadcast(0.5f), T.Broadcast(0.5f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ComputeErf<T>(T value)
        where T : struct, ILanes<T>
    {
        T low = T.Broadcast(-4),
            high = T.Broadcast(4);
        var x = T.SelectLess(value, low, low, T.SelectLess(high, value, high, value));
        var square = x * x;
        var p = T.Broadcast(-2.72614225801306e-10f);
        p = T.MultiplyAdd(p, square, T.Broadcast(2.77068142495902e-08f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-2.10102402082508e-06f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-5.69250639462346e-05f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-7.34990630326855e-04f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-2.95459980854025e-03f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-1.60960333262415e-02f));
        var q = T.Broadcast(-1.45660718464996e-05f);
        q = T.MultiplyAdd(q, square, T.Broadcast(-2.13374055278905e-04f));
        q = T.MultiplyAdd(q, square, T.Broadcast(-1.68282697438203e-03f));
        q = T.MultiplyAdd(q, square, T.Broadcast(-7.37332916720468e-03f));
        q = T.MultiplyAdd(q, square, T.Broadcast(-1.42647390514189e-02f));
        return p * x / q;
    }
}
