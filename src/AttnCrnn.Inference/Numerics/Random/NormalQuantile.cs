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
        ComputePair<T>(words, words, out var quantiles, out _);
        return quantiles;
    }

    /// <summary>
    /// <see cref="Compute"/> of two vectors concurrently: a vector has a chain of 20 multiply-adds, each of which waits
    /// for the one before.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ComputePair<T>(uint* words0, uint* words1, out T quantiles0, out T quantiles1)
        where T : struct, ILanes<T>
    {
        // x = 2u - 1 is exact in float32; so is 1 + x, which determines the lower tail.
        var x0 = Center<T>(words0);
        var x1 = Center<T>(words1);
        Log(
            (T.Broadcast(1) - x0) * (T.Broadcast(1) + x0),
            (T.Broadcast(1) - x1) * (T.Broadcast(1) + x1),
            out var log0,
            out var log1
        );
        var w0 = T.Broadcast(0) - log0;
        var w1 = T.Broadcast(0) - log1;
        EvaluateCentralPolynomial(w0 - T.Broadcast(2.5f), w1 - T.Broadcast(2.5f), out var central0, out var central1);
        quantiles0 = ReplaceTails(w0, central0) * x0 * T.Broadcast(1.41421356f);
        quantiles1 = ReplaceTails(w1, central1) * x1 * T.Broadcast(1.41421356f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Center<T>(uint* words)
        where T : struct, ILanes<T> =>
        T.MultiplyAdd(T.FromUpperBits(words), T.Broadcast(1f / (1 << 23)), T.Broadcast((1f / (1 << 24)) - 1));

    // One value in 300 is in the tails, so most vectors have none.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ReplaceTails<T>(T w, T central)
        where T : struct, ILanes<T>
    {
        if (T.LessThanAll(w, T.Broadcast(5f)))
            return central;
        var root = T.Sqrt(T.SelectLess(T.Broadcast(0), w, w, T.Broadcast(0)));
        return T.SelectLess(w, T.Broadcast(5f), central, EvaluateTailPolynomial(root - T.Broadcast(3f)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EvaluateCentralPolynomial<T>(T w0, T w1, out T p0, out T p1)
        where T : struct, ILanes<T>
    {
        p0 = T.Broadcast(2.81022636e-08f);
        p1 = p0;
        AddTerm(ref p0, ref p1, w0, w1, 3.43273939e-07f);
        AddTerm(ref p0, ref p1, w0, w1, -3.5233877e-06f);
        AddTerm(ref p0, ref p1, w0, w1, -4.39150654e-06f);
        AddTerm(ref p0, ref p1, w0, w1, 0.00021858087f);
        AddTerm(ref p0, ref p1, w0, w1, -0.00125372503f);
        AddTerm(ref p0, ref p1, w0, w1, -0.00417768164f);
        AddTerm(ref p0, ref p1, w0, w1, 0.246640727f);
        AddTerm(ref p0, ref p1, w0, w1, 1.50140941f);
    }

    // p = p · w + coefficient, for both vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTerm<T>(ref T p0, ref T p1, T w0, T w1, float coefficient)
        where T : struct, ILanes<T>
    {
        p0 = T.MultiplyAdd(p0, w0, T.Broadcast(coefficient));
        p1 = T.MultiplyAdd(p1, w1, T.Broadcast(coefficient));
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

    // ln x of positive normal numbers, after Cephes, for both vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Log<T>(T x0, T x1, out T log0, out T log1)
        where T : struct, ILanes<T>
    {
        T.Split(x0, out var e0, out var mantissa0);
        T.Split(x1, out var e1, out var mantissa1);
        var m0 = mantissa0 - T.Broadcast(1);
        var m1 = mantissa1 - T.Broadcast(1);
        var p0 = T.Broadcast(7.0376836292e-2f);
        var p1 = p0;
        AddTerm(ref p0, ref p1, m0, m1, -1.1514610310e-1f);
        AddTerm(ref p0, ref p1, m0, m1, 1.1676998740e-1f);
        AddTerm(ref p0, ref p1, m0, m1, -1.2420140846e-1f);
        AddTerm(ref p0, ref p1, m0, m1, 1.4249322787e-1f);
        AddTerm(ref p0, ref p1, m0, m1, -1.6668057665e-1f);
        AddTerm(ref p0, ref p1, m0, m1, 2.0000714765e-1f);
        AddTerm(ref p0, ref p1, m0, m1, -2.4999993993e-1f);
        AddTerm(ref p0, ref p1, m0, m1, 3.3333331174e-1f);
        log0 = CompleteLog(e0, m0, p0);
        log1 = CompleteLog(e1, m1, p1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T CompleteLog<T>(T e, T m, T p)
        where T : struct, ILanes<T>
    {
        var square = m * m;
        var remainder = T.MultiplyAdd(p * square, m, e * T.Broadcast(-2.12194440e-4f));
        remainder = T.MultiplyAdd(square, T.Broadcast(-0.5f), remainder);
        return T.MultiplyAdd(e, T.Broadcast(0.693359375f), m + remainder);
    }
}
