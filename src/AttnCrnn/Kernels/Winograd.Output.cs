using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AttnCrnn.Kernels;

/// <remarks>Four outputs are two pairs for pooling, so bias, ReLU and maximum join the last map: max(max(y₀, y₁) + b, 0).</remarks>
internal static unsafe partial class Winograd
{
    private const int Pairs = Outputs / 2;

    /// <summary>The pooled outputs of one tile, and y₁ - y₀ of each pair, which says on the way back whose the maximum was.</summary>
    /// <param name="from">M.</param>
    /// <param name="bias">[filters].</param>
    /// <param name="pooled">[pairs, filters] of the clip.</param>
    /// <param name="differences">[pairs, filters] of the clip.</param>
    /// <param name="spare">[at least 1, filters], for a pair that the clip has not; never read.</param>
    public static void Output(Planes from, int row, Rows bias, Rows pooled, Rows differences, int tile, Rows spare)
    {
        float** m = stackalloc float*[Inputs];
        float** to = stackalloc float*[2 * Pairs];
        for (var e = 0; e < Inputs; e++) m[e] = from[e].Start + ((nint)row * from.Width);
        for (var pair = 0; pair < Pairs; pair++)
        {
            to[2 * pair] = RowOr(pooled, (Pairs * tile) + pair, spare);
            to[(2 * pair) + 1] = RowOr(differences, (Pairs * tile) + pair, spare);
        }
        var i = 0;
        for (; i <= from.Width - Lanes; i += Lanes) OutputVector(m, bias.Start, to, i, Lanes);
        if (i < from.Width) OutputVector(m, bias.Start, to, i, from.Width - i);
    }

    /// <summary>E of one tile: the gradient of each pair goes to the larger of the two, to the first of equals, and nowhere where ReLU gave 0.</summary>
    /// <param name="gradPooled">[pairs, filters] of the clip.</param>
    /// <param name="pooled">As <see cref="Output"/> gave it.</param>
    /// <param name="differences">As <see cref="Output"/> gave it.</param>
    /// <param name="zeros">[at least 1, filters], for a pair that the clip has not.</param>
    public static void OutputGradient(Rows gradPooled, Rows pooled, Rows differences, int tile, Rows zeros, Planes to, int row)
    {
        float** from = stackalloc float*[3 * Pairs];
        float** e = stackalloc float*[Inputs];
        for (var plane = 0; plane < Inputs; plane++) e[plane] = to[plane].Start + ((nint)row * to.Width);
        for (var pair = 0; pair < Pairs; pair++)
        {
            from[3 * pair] = RowOr(gradPooled, (Pairs * tile) + pair, zeros);
            from[(3 * pair) + 1] = RowOr(pooled, (Pairs * tile) + pair, zeros);
            from[(3 * pair) + 2] = RowOr(differences, (Pairs * tile) + pair, zeros);
        }
        var i = 0;
        for (; i <= to.Width - Lanes; i += Lanes) OutputGradientVector(from, e, i, Lanes);
        if (i < to.Width) OutputGradientVector(from, e, i, to.Width - i);
    }

    private static float* RowOr(Rows rows, int row, Rows other) => row < rows.Count ? rows.Start + ((nint)row * rows.Stride) : other.Start;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputVector(float** m, float* bias, float** to, nint at, int count)
    {
        Vector256<float> m0 = Vectors.Load(m[0] + at, count), m7 = Vectors.Load(m[7] + at, count), b = Vectors.Load(bias + at, count);
        Vector256<float> m1 = Vectors.Load(m[1] + at, count), m2 = Vectors.Load(m[2] + at, count), sum1 = m1 + m2, difference1 = m1 - m2;
        Vector256<float> m3 = Vectors.Load(m[3] + at, count), m4 = Vectors.Load(m[4] + at, count), sum2 = m3 + m4, difference2 = m3 - m4;
        Vector256<float> m5 = Vectors.Load(m[5] + at, count), m6 = Vectors.Load(m[6] + at, count), sumHalf = m5 + m6, differenceHalf = m5 - m6;
        var y0 = m0 + sum1 + sum2 + sumHalf;
        var y1 = Fused(differenceHalf, 0.5f, Fused(difference2, 2f, difference1));
        var y2 = Fused(sumHalf, 0.25f, Fused(sum2, 4f, sum1));
        var y3 = Fused(differenceHalf, 0.125f, Fused(difference2, 8f, difference1)) + m7;
        Vectors.Store(Pooled(y0, y1, b), to[0] + at, count);
        Vectors.Store(y1 - y0, to[1] + at, count);
        Vectors.Store(Pooled(y2, y3, b), to[2] + at, count);
        Vectors.Store(y3 - y2, to[3] + at, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pooled(Vector256<float> first, Vector256<float> second, Vector256<float> bias)
    {
        var larger = Vector256.ConditionalSelect(Vector256.LessThan(first, second), second, first) + bias;
        return Vector256.ConditionalSelect(Vector256.GreaterThan(larger, Vector256<float>.Zero), larger, Vector256<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputGradientVector(float** from, float** e, nint at, int count)
    {
        var (y0, y1) = Unpooled(from, at, count);
        var (y2, y3) = Unpooled(from + 3, at, count);
        Vectors.Store(y0, e[0] + at, count);
        var (even, odd) = (y0 + y2, y1 + y3);
        Vectors.Store(even + odd, e[1] + at, count);
        Vectors.Store(even - odd, e[2] + at, count);
        (even, odd) = (Fused(y2, 4f, y0), Fused(y3, 8f, y1 * 2f));
        Vectors.Store(even + odd, e[3] + at, count);
        Vectors.Store(even - odd, e[4] + at, count);
        (even, odd) = (Fused(y2, 0.25f, y0), Fused(y3, 0.125f, y1 * 0.5f));
        Vectors.Store(even + odd, e[5] + at, count);
        Vectors.Store(even - odd, e[6] + at, count);
        Vectors.Store(y3, e[7] + at, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> First, Vector256<float> Second) Unpooled(float** from, nint at, int count)
    {
        var passed = Vector256.ConditionalSelect(Vector256.GreaterThan(Vectors.Load(from[1] + at, count), Vector256<float>.Zero), Vectors.Load(from[0] + at, count), Vector256<float>.Zero);
        var isSecond = Vector256.GreaterThan(Vectors.Load(from[2] + at, count), Vector256<float>.Zero);
        return (Vector256.ConditionalSelect(isSecond, Vector256<float>.Zero, passed), Vector256.ConditionalSelect(isSecond, passed, Vector256<float>.Zero));
    }
}
