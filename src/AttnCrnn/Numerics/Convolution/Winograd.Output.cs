using System.Runtime.CompilerServices;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Simd;

namespace AttnCrnn.Numerics.Convolution;

/// <remarks>
/// The four outputs of a tile form two pooling pairs, so bias, ReLU and max pooling are fused into the output
/// transform: max(max(y₀, y₁) + b, 0).
/// </remarks>
internal static unsafe partial class Winograd
{
    private const int Pairs = Outputs / 2;

    /// <summary>
    /// Computes the pooled outputs of one tile, and y₁ - y₀ of each pair, from which the backward pass finds the
    /// maximum.
    /// </summary>
    /// <param name="from">M.</param>
    /// <param name="bias">[filters].</param>
    /// <param name="pooled">[pairs, filters] of the clip, written.</param>
    /// <param name="differences">[pairs, filters] of the clip, written.</param>
    /// <param name="spare">[at least 1, filters], written for pairs beyond the clip's end; never read.</param>
    public static void Output(
        Planes from,
        int row,
        MatrixView bias,
        MatrixView pooled,
        MatrixView differences,
        int tile,
        MatrixView spare
    )
    {
        float** m = stackalloc float*[Inputs + 1];
        float** to = stackalloc float*[2 * Pairs];
        m[Inputs] = bias.Start;
        for (var e = 0; e < Inputs; e++)
            m[e] = from[e].Start + ((nint)row * from.Width);
        for (var pair = 0; pair < Pairs; pair++)
        {
            to[2 * pair] = RowOr(pooled, (Pairs * tile) + pair, spare);
            to[(2 * pair) + 1] = RowOr(differences, (Pairs * tile) + pair, spare);
        }
        LaneMap.Run<OutputMap>(m, to, 0, from.Width);
    }

    /// <summary>
    /// Computes E of one tile: the gradient of each pair goes to its larger element (to the first if equal), and is 0
    /// where ReLU returned 0.
    /// </summary>
    /// <param name="gradPooled">[pairs, filters] of the clip.</param>
    /// <param name="pooled">As written by <see cref="Output"/>.</param>
    /// <param name="differences">As written by <see cref="Output"/>.</param>
    /// <param name="zeros">[at least 1, filters], read for pairs beyond the clip's end.</param>
    public static void OutputGradient(
        MatrixView gradPooled,
        MatrixView pooled,
        MatrixView differences,
        int tile,
        MatrixView zeros,
        Planes to,
        int row
    )
    {
        float** from = stackalloc float*[3 * Pairs];
        float** e = stackalloc float*[Inputs];
        for (var plane = 0; plane < Inputs; plane++)
            e[plane] = to[plane].Start + ((nint)row * to.Width);
        for (var pair = 0; pair < Pairs; pair++)
        {
            from[3 * pair] = RowOr(gradPooled, (Pairs * tile) + pair, zeros);
            from[(3 * pair) + 1] = RowOr(pooled, (Pairs * tile) + pair, zeros);
            from[(3 * pair) + 2] = RowOr(differences, (Pairs * tile) + pair, zeros);
        }
        LaneMap.Run<OutputGradientMap>(from, e, 0, to.Width);
    }

    private static float* RowOr(MatrixView rows, int row, MatrixView other) =>
        row < rows.Count ? rows.Start + ((nint)row * rows.Stride) : other.Start;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T WherePositive<T>(T test, T positive, T otherwise)
        where T : struct, ILanes<T> => T.WhereLess(T.Broadcast(0), test, positive, otherwise);

    private readonly struct OutputMap : ILaneMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(float** m, float** to, nint at, nint shift)
            where T : struct, ILanes<T>
        {
            T m0 = T.Load(m[0] + at),
                m7 = T.Load(m[7] + at),
                bias = T.Load(m[8] + at);
            T m1 = T.Load(m[1] + at),
                m2 = T.Load(m[2] + at),
                sum1 = m1 + m2,
                difference1 = m1 - m2;
            T m3 = T.Load(m[3] + at),
                m4 = T.Load(m[4] + at),
                sum2 = m3 + m4,
                difference2 = m3 - m4;
            T m5 = T.Load(m[5] + at),
                m6 = T.Load(m[6] + at),
                sumHalf = m5 + m6,
                differenceHalf = m5 - m6;
            var y0 = m0 + sum1 + sum2 + sumHalf;
            var y1 = Fused(differenceHalf, 0.5f, Fused(difference2, 2f, difference1));
            var y2 = Fused(sumHalf, 0.25f, Fused(sum2, 4f, sum1));
            var y3 = Fused(differenceHalf, 0.125f, Fused(difference2, 8f, difference1)) + m7;
            Pool(y0, y1, bias, to, at);
            Pool(y2, y3, bias, to + 2, at);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Pool<T>(T first, T second, T bias, float** to, nint at)
            where T : struct, ILanes<T>
        {
            var difference = second - first;
            // NaN must propagate, but neither comparison passes it on; difference - difference does.
            var larger = WherePositive(difference, second, first) + bias + (difference - difference);
            T.Store(T.WhereLess(larger, T.Broadcast(0), T.Broadcast(0), larger), to[0] + at);
            T.Store(difference, to[1] + at);
        }
    }

    private readonly struct OutputGradientMap : ILaneMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(float** from, float** e, nint at, nint shift)
            where T : struct, ILanes<T>
        {
            T passed0 = Passed<T>(from, at),
                y0 = WherePositive(T.Load(from[2] + at), T.Broadcast(0), passed0),
                y1 = WherePositive(T.Load(from[2] + at), passed0, T.Broadcast(0));
            T passed2 = Passed<T>(from + 3, at),
                y2 = WherePositive(T.Load(from[5] + at), T.Broadcast(0), passed2),
                y3 = WherePositive(T.Load(from[5] + at), passed2, T.Broadcast(0));
            T.Store(y0, e[0] + at);
            T even = y0 + y2,
                odd = y1 + y3;
            T.Store(even + odd, e[1] + at);
            T.Store(even - odd, e[2] + at);
            even = Fused(y2, 4f, y0);
            odd = Fused(y3, 8f, y1 * T.Broadcast(2f));
            T.Store(even + odd, e[3] + at);
            T.Store(even - odd, e[4] + at);
            even = Fused(y2, 0.25f, y0);
            odd = Fused(y3, 0.125f, y1 * T.Broadcast(0.5f));
            T.Store(even + odd, e[5] + at);
            T.Store(even - odd, e[6] + at);
            T.Store(y3, e[7] + at);
        }

        // The pair's gradient, 0 where ReLU returned 0.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static T Passed<T>(float** from, nint at)
            where T : struct, ILanes<T> => WherePositive(T.Load(from[1] + at), T.Load(from[0] + at), T.Broadcast(0));
    }
}
