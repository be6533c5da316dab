using System.Runtime.CompilerServices;
using AttnCrnn.Numerics.Simd;

namespace AttnCrnn.Numerics.Random;

/// <summary>
/// Quantile function of the normal distribution by erf⁻¹ for float (Giles 2010, "Approximating the erfinv
/// function").
/// </summary>
internal static unsafe class NormalQuantile
{
    /// <summary>The quantiles of (k + ½) / 2²⁴, where k is the upper 24 bits of each word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Compute<T>(uint* words)
        where T : struct, ILanes<T>
    {
        // x = 2u - 1 is exact in float32; so is 1 + x, which determines the lower tail.
        var x = T.MultiplyAdd(T.FromUpperBits(words), T.Broadcast(1f / (1 << 23)), T.Broadcast((1f / (1 << 24)) - 1));
        var w = T.Broadcast(0) - Log((T.Broadcast(1) - x) * (T.Broadcast(1) + x));
        var magnitude = EvaluateCentralPolynomial(w - T.Broadcast(2.5f));
        // One value in 300 is in the tails, so most vectors have none.
        if (!T.LessThanAll(w, T.Broadcast(5f)))
            magnitude = T.SelectLess(
                w,
                T.Broadcast(5f),
                magnitude,
                EvaluateTailPolynomial(T.Sqrt(T.SelectLess(T.Broadcast(0), w, w, T.Broadcast(0))) - T.Broadcast(3f))
            );
        return magnitude * x * T.Broadcast(1.41421356f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T EvaluateCentralPolynomial<T>(T w)
        where T : struct, ILanes<T>
    {
        var p = T.Broadcast(2.81022636e-08f);
        p = T.MultiplyAdd(p, w, T.Broadcast(3.43273939e-07f));
        p = T.MultiplyAdd(p, w, T.Broadcast(-3.5233877e-06f));
        p = T.MultiplyAdd(p, w, T.Broadcast(-4.39150654e-06f));
        p = T.MultiplyAdd(p, w, T.Broadcast(0.00021858087f));
        p = T.MultiplyAdd(p, w, T.Broadcast(-0.00125372503f));
        p = T.MultiplyAdd(p, w, T.Broadcast(-0.00417768164f));
        p = T.MultiplyAdd(p, w, T.Broadcast(0.246640727f));
        return T.MultiplyAdd(p, w, T.Broadcast(1.50140941f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T EvaluateTailPolynomial<T>(T w)
        where T : struct, ILanes<T>
    {
        var p = T.Broadcast(-0.000200214257f);
        p = T.MultiplyAdd(p, w, T.Broadcast(0.000100950558f));
        p = T.MultiplyAdd(p, w, T.Broadcast(0.00134934322f));
        p = T.MultiplyAdd(p, w, T.Broadcast(-0.00367342844f));
        p = T.MultiplyAdd(p, w, T.Broadcast(0.00573950773f));
        p = T.MultiplyAdd(p, w, T.Broadcast(-0.0076224613f));
        p = T.MultiplyAdd(p, w, T.Broadcast(0.00943887047f));
        p = T.MultiplyAdd(p, w, T.Broadcast(1.00167406f));
        return T.MultiplyAdd(p, w, T.Broadcast(2.83297682f));
    }

    // ln x of positive normal numbers, after Cephes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Log<T>(T x)
        where T : struct, ILanes<T>
    {
        T.Split(x, out var e, out var mantissa);
        var m = mantissa - T.Broadcast(1);
        var p = T.Broadcast(7.0376836292e-2f);
        p = T.MultiplyAdd(p, m, T.Broadcast(-1.1514610310e-1f));
        p = T.MultiplyAdd(p, m, T.Broadcast(1.1676998740e-1f));
        p = T.MultiplyAdd(p, m, T.Broadcast(-1.2420140846e-1f));
        p = T.MultiplyAdd(p, m, T.Broadcast(1.4249322787e-1f));
        p = T.MultiplyAdd(p, m, T.Broadcast(-1.6668057665e-1f));
        p = T.MultiplyAdd(p, m, T.Broadcast(2.0000714765e-1f));
        p = T.MultiplyAdd(p, m, T.Broadcast(-2.4999993993e-1f));
        p = T.MultiplyAdd(p, m, T.Broadcast(3.3333331174e-1f));
        var square = m * m;
        var remainder = T.MultiplyAdd(p * square, m, e * T.Broadcast(-2.12194440e-4f));
        remainder = T.MultiplyAdd(square, T.Broadcast(-0.5f), remainder);
        return T.MultiplyAdd(e, T.Broadcast(0.693359375f), m + remainder);
    }
}
