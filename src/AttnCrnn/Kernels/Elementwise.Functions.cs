using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AttnCrnn.Kernels;

/// <remarks>
/// Polynomials of our own, within a few units in the last place: the system's libraries differ from machine to machine, and vector
/// libraries from width to width. exp and log after Cephes (Moshier), erf as the rational function of Eigen's <c>erf</c> for float.
/// </remarks>
internal static partial class Elementwise
{
    /// <summary>to = eˣ; 0 below -87.3, infinity above 88.7.</summary>
    public static void Exp(ReadOnlySpan<float> x, Span<float> to) => Map<Exponential>(x, to);

    /// <summary>to = tanh x.</summary>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> to) => Map<HyperbolicTangent>(x, to);

    /// <summary>to = 1 / (1 + e⁻ˣ).</summary>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> to) => Map<Logistic>(x, to);

    /// <summary>to = x Φ(x), the exact form (Hendrycks and Gimpel 2016), not the one by tanh.</summary>
    public static void Gelu(ReadOnlySpan<float> x, Span<float> to) => Map<GaussianUnit>(x, to);

    /// <summary>to = Φ(x) + x φ(x), the derivative of <see cref="Gelu"/>.</summary>
    public static void GeluDerivative(ReadOnlySpan<float> x, Span<float> to) => Map<GaussianUnitDerivative>(x, to);

    /// <summary>eˣ of eight numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> ExpOf(Vector256<float> x)
    {
        var tooLow = Vector256.LessThan(x, Vector256.Create(-87.33654f));
        var tooHigh = Vector256.GreaterThan(x, Vector256.Create(88.72283f));
        var isNumber = Vector256.Equals(x, x);
        var clamped = Vector256.Min(Vector256.Max(x, Vector256.Create(-87.33654f)), Vector256.Create(88.72283f));
        // x = n ln 2 + r, |r| ≤ ln 2 / 2; n by adding 1.5·2²³, which rounds to nearest even.
        var shifter = Vector256.Create(12582912f);
        var shifted = Vector256.FusedMultiplyAdd(clamped, Vector256.Create(1.44269504f), shifter);
        var n = shifted - shifter;
        var r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-0.693359375f), clamped);
        r = Vector256.FusedMultiplyAdd(n, Vector256.Create(2.12194440e-4f), r);
        var p = Vector256.Create(1.9875691500e-4f);
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.3981999507e-3f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(8.3334519073e-3f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(4.1665795894e-2f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.6666665459e-1f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(5.0000001201e-1f));
        p = Vector256.FusedMultiplyAdd(p, r * r, r) + Vector256<float>.One;
        // By 2ⁿ in two steps, since 2¹²⁸ is no float.
        var whole = shifted.AsInt32() - shifter.AsInt32();
        var half = Vector256.ShiftRightArithmetic(whole, 1);
        var result = p * PowerOfTwo(half) * PowerOfTwo(whole - half);
        result = Vector256.ConditionalSelect(tooLow, Vector256<float>.Zero, result);
        result = Vector256.ConditionalSelect(tooHigh, Vector256.Create(float.PositiveInfinity), result);
        return Vector256.ConditionalSelect(isNumber, result, x);
    }

    /// <summary>tanh x of eight numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> TanhOf(Vector256<float> x) => HyperbolicTangent.Of(x);

    /// <summary>1 / (1 + e⁻ˣ) of eight numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> SigmoidOf(Vector256<float> x) => Logistic.Of(x);

    /// <summary>ln x of eight positive normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> LogOf(Vector256<float> x)
    {
        // x = 2ᵉ m with √½ ≤ m < √2.
        var bits = x.AsInt32() - Vector256.Create(0x3f3504f3);
        var e = Vector256.ConvertToSingle(Vector256.ShiftRightArithmetic(bits, 23));
        var m = ((bits & Vector256.Create(0x007fffff)) + Vector256.Create(0x3f3504f3)).AsSingle() - Vector256<float>.One;
        var p = Vector256.Create(7.0376836292e-2f);
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(-1.1514610310e-1f));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(1.1676998740e-1f));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(-1.2420140846e-1f));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(1.4249322787e-1f));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(-1.6668057665e-1f));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(2.0000714765e-1f));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(-2.4999993993e-1f));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(3.3333331174e-1f));
        var square = m * m;
        var rest = Vector256.FusedMultiplyAdd(p * square, m, e * Vector256.Create(-2.12194440e-4f));
        rest = Vector256.FusedMultiplyAdd(square, Vector256.Create(-0.5f), rest);
        return Vector256.FusedMultiplyAdd(e, Vector256.Create(0.693359375f), m + rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> PowerOfTwo(Vector256<int> exponent) => Vector256.ShiftLeft(exponent + Vector256.Create(127), 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Erf(Vector256<float> value)
    {
        var x = Vector256.Min(Vector256.Max(value, Vector256.Create(-4f)), Vector256.Create(4f));
        var square = x * x;
        var p = Vector256.Create(-2.72614225801306e-10f);
        p = Vector256.FusedMultiplyAdd(p, square, Vector256.Create(2.77068142495902e-08f));
        p = Vector256.FusedMultiplyAdd(p, square, Vector256.Create(-2.10102402082508e-06f));
        p = Vector256.FusedMultiplyAdd(p, square, Vector256.Create(-5.69250639462346e-05f));
        p = Vector256.FusedMultiplyAdd(p, square, Vector256.Create(-7.34990630326855e-04f));
        p = Vector256.FusedMultiplyAdd(p, square, Vector256.Create(-2.95459980854025e-03f));
        p = Vector256.FusedMultiplyAdd(p, square, Vector256.Create(-1.60960333262415e-02f));
        var q = Vector256.Create(-1.45660718464996e-05f);
        q = Vector256.FusedMultiplyAdd(q, square, Vector256.Create(-2.13374055278905e-04f));
        q = Vector256.FusedMultiplyAdd(q, square, Vector256.Create(-1.68282697438203e-03f));
        q = Vector256.FusedMultiplyAdd(q, square, Vector256.Create(-7.37332916720468e-03f));
        q = Vector256.FusedMultiplyAdd(q, square, Vector256.Create(-1.42647390514189e-02f));
        return p * x / q;
    }

    private readonly struct Exponential : IUnary
    {
        public static Vector256<float> Of(Vector256<float> x) => ExpOf(x);
    }

    private readonly struct Logistic : IUnary
    {
        public static Vector256<float> Of(Vector256<float> x) => Vector256<float>.One / (Vector256<float>.One + ExpOf(-x));
    }

    private readonly struct HyperbolicTangent : IUnary
    {
        public static Vector256<float> Of(Vector256<float> x)
        {
            var size = Vector256.Abs(x);
            // Near 0 the quotient loses digits: there the odd polynomial of Cephes' tanhf.
            var square = x * x;
            var p = Vector256.Create(-5.70498872745e-3f);
            p = Vector256.FusedMultiplyAdd(p, square, Vector256.Create(2.06390887954e-2f));
            p = Vector256.FusedMultiplyAdd(p, square, Vector256.Create(-5.37397155531e-2f));
            p = Vector256.FusedMultiplyAdd(p, square, Vector256.Create(1.33314422036e-1f));
            p = Vector256.FusedMultiplyAdd(p, square, Vector256.Create(-3.33332819422e-1f));
            var near = Vector256.FusedMultiplyAdd(p * square, x, x);
            var far = Vector256<float>.One - (Vector256.Create(2f) / (ExpOf(size + size) + Vector256<float>.One));
            var signed = far | (x & Vector256.Create(-0f));
            return Vector256.ConditionalSelect(Vector256.LessThan(size, Vector256.Create(0.625f)), near, signed);
        }
    }

    private readonly struct GaussianUnit : IUnary
    {
        public static Vector256<float> Of(Vector256<float> x) => x * NormalShare(x);
    }

    private readonly struct GaussianUnitDerivative : IUnary
    {
        public static Vector256<float> Of(Vector256<float> x)
        {
            var density = ExpOf(x * x * Vector256.Create(-0.5f)) * Vector256.Create(0.39894228f); // 1 / √(2π)
            return Vector256.FusedMultiplyAdd(x, density, NormalShare(x));
        }
    }

    // Φ(x) = (1 + erf(x / √2)) / 2
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> NormalShare(Vector256<float> x) =>
        Vector256.FusedMultiplyAdd(Erf(x * Vector256.Create(0.70710678f)), Vector256.Create(0.5f), Vector256.Create(0.5f));
}
