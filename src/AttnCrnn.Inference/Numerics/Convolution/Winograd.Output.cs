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
    /// <param name="source">M.</param>
    /// <param name="bias">[filters].</param>
    /// <param name="pooled">[pairs, filters] of the clip, written.</param>
    /// <param name="differences">[pairs, filters] of the clip, written.</param>
    /// <param name="unusedRow">[at least 1, filters], written for pairs beyond the clip's end; never read.</param>
    public static void TransformOutput(
        Planes source,
        int row,
        MatrixView bias,
        MatrixView pooled,
        MatrixView differences,
        int tile,
        MatrixView unusedRow
    )
    {
        float** m = stackalloc float*[Inputs + 1];
        float** destination = stackalloc float*[2 * Pairs];
        m[Inputs] = bias.Start;
        for (var e = 0; e < Inputs; e++)
            m[e] = source[e].Start + ((nint)row * source.Width);
        for (var pair = 0; pair < Pairs; pair++)
        {
            destination[2 * pair] = GetRow(pooled, (Pairs * tile) + pair, unusedRow);
            destination[(2 * pair) + 1] = GetRow(differences, (Pairs * tile) + pair, unusedRow);
        }
        LaneMap.Run<OutputMap>(m, destination, 0, source.Width);
    }

    /// <summary>
    /// Computes E of one tile: the gradient of each pair goes to its larger element (to the first if equal), and is 0
    /// where ReLU returned 0.
    /// </summary>
    /// <param name="gradPooled">[pairs, filters] of the clip.</param>
    /// <param name="pooled">As written by <see cref="TransformOutput"/>.</param>
    /// <param name="differences">As written by <see cref="TransformOutput"/>.</param>
    /// <param name="zeros">[at least 1, filters], read for pairs beyond the clip's end.</param>
    public static void TransformOutputGradient(
        MatrixView gradPooled,
        MatrixView pooled,
        MatrixView differences,
        int tile,
        MatrixView zeros,
        Planes destination,
        int row
    )
    {
        float** source = stackalloc float*[3 * Pairs];
        float** e = stackalloc float*[Inputs];
        for (var plane = 0; plane < Inputs; plane++)
            e[plane] = destination[plane].Start + ((nint)row * destination.Width);
        for (var pair = 0; pair < Pairs; pair++)
        {
            source[3 * pair] = GetRow(gradPooled, (Pairs * tile) + pair, zeros);
            source[(3 * pair) + 1] = GetRow(pooled, (Pairs * tile) + pair, zeros);
            source[(3 * pair) + 2] = GetRow(differences, (Pairs * tile) + pair, zeros);
        }
        LaneMap.Run<OutputGradientMap>(source, e, 0, destination.Width);
    }

    private static float* GetRow(MatrixView rows, int row, MatrixView fallback) =>
        row < rows.Count ? rows.Start + ((nint)row * rows.Stride) : fallback.Start;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SelectPositive<T>(T value, T positive, T otherwise)
        where T : struct, ILanes<T> => T.SelectLess(T.Broadcast(0), value, positive, otherwise);

    private readonly struct OutputMap : ILaneMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(float** m, float** destination, nint index, nint shift)
            where T : struct, ILanes<T>
        {
            T m0 = T.Load(m[0] + index),
                m7 = T.Load(m[7] + index),
                bias = T.Load(m[8] + index);
            T m1 = T.Load(m[1] + index),
                m2 = T.Load(m[2] + index),
                sum1 = m1 + m2,
                difference1 = m1 - m2;
            T m3 = T.Load(m[3] + index),
                m4 = T.Load(m[4] + index),
                sum2 = m3 + m4,
                difference2 = m3 - m4;
            T m5 = T.Load(m[5] + index),
                m6 = T.Load(m[6] + index),
                sumHalf = m5 + m6,
                differenceHalf = m5 - m6;
            var y0 = m0 + sum1 + sum2 + sumHalf;
            var y1 = MultiplyAdd(differenceHalf, 0.5f, MultiplyAdd(difference2, 2f, difference1));
            var y2 = MultiplyAdd(sumHalf, 0.25f, MultiplyAdd(sum2, 4f, sum1));
            var y3 = MultiplyAdd(differenceHalf, 0.125f, MultiplyAdd(difference2, 8f, difference1)) + m7;
            Pool(y0, y1, bias, destination, index);
            Pool(y2, y3, bias, destination + 2, index);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Pool<T>(T first, T second, T bias, float** destination, nint index)
            where T : struct, ILanes<T>
        {
            var difference = second - first;
            // NaN must propagate, but neither comparison passes it on; difference - difference does.
            var larger = SelectPositive(difference, second, first) + bias + (difference - difference);
            T.Store(T.SelectLess(larger, T.Broadcast(0), T.Broadcast(0), larger), destination[0] + index);
            T.Store(difference, destination[1] + index);
        }
    }

    private readonly struct OutputGradientMap : ILaneMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(float** source, float** e, nint index, nint shift)
            where T : struct, ILanes<T>
        {
            T grad0 = ComputeReluGradient<T>(source, index),
                y0 = SelectPositive(T.Load(source[2] + index), T.Broadcast(0), grad0),
                y1 = SelectPositive(T.Load(source[2] + index), grad0, T.Broadcast(0));
            T grad2 = ComputeReluGradient<T>(source + 3, index),
                y2 = SelectPositive(T.Load(source[5] + index), T.Broadcast(0), grad2),
                y3 = SelectPositive(T.Load(source[5] + index), grad2, T.Broadcast(0));
            T.Store(y0, e[0] + index);
            T even = y0 + y2,
                odd = y1 + y3;
            T.Store(even + odd, e[1] + index);
            T.Store(even - odd, e[2] + index);
            even = MultiplyAdd(y2, 4f, y0);
            odd = MultiplyAdd(y3, 8f, y1 * T.Broadcast(2f));
            T.Store(even + odd, e[3] + index);
            T.Store(even - odd, e[4] + index);
            even = MultiplyAdd(y2, 0.25f, y0);
            odd = MultiplyAdd(y3, 0.125f, y1 * T.Broadcast(0.5f));
            T.Store(even + odd, e[5] + index);
            T.Store(even - odd, e[6] + index);
            T.Store(y3, e[7] + index);
        }

        // The pair's gradient, 0 where ReLU returned 0.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static T ComputeReluGradient<T>(float** source, nint index)
            where T : struct, ILanes<T> =>
            SelectPositive(T.Load(source[1] + index), T.Load(source[0] + index), T.Broadcast(0));
    }
}
