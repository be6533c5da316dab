using System.Runtime.CompilerServices;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Simd;

namespace AttnCrnn.Numerics.Convolution;

/// <summary>
/// Five-tap convolution with eight products per four outputs instead of twenty: F(4, 5) of Winograd 1980 ("Arithmetic
/// complexity of computations"), used as in Lavin and Gray 2016 ("Fast algorithms for convolutional neural networks"),
/// at the points 0, ±1, ±2, ±½, ∞.
/// </summary>
/// <remarks>
/// <para>Four outputs of a channel depend on eight inputs: y_j = Σ_k d_{j+k} W_k. Its transpose is a product of two
/// polynomials, which is determined by its values at eight points p_e, where it is a product of numbers. Thus the taps
/// are transformed to G_e = c_e Σ_k p_e^k W_k (c_e from Lagrange interpolation), the inputs to D_e, the products over
/// all channels are plain matrix products M_e = D_e G_e, and the outputs are y_j = Σ_e p_e^j M_e. The backward pass
/// applies the transposed maps: E_e = Σ_j p_e^j dy_j, dG_e = D_eᵀ E_e, dW_k = Σ_e c_e p_e^k dG_e, dD_e = E_e
/// G_eᵀ, and dd from dD.</para>
/// <para>Tile j of a clip computes outputs 4j to 4j + 3 from rows 4j - 2 to 4j + 5; rows outside the clip are
/// zero.</para>
/// <para>Each map is elementwise over channels or filters, so results are bit-identical on every processor.</para>
/// </remarks>
internal static unsafe partial class Winograd
{
    private const int Outputs = 4; // per tile
    private const int Inputs = 8; // per tile
    private const int RowsBeforeFirstOutput = 2; // input rows of a tile before its first output

    /// <summary>Number of tiles of a clip. An odd last output, which pooling drops, is not computed.</summary>
    public static int CountTiles(int frames) => ((frames / 2) + 1) / 2;

    /// <summary>Writes D of one tile to a row of each plane.</summary>
    /// <param name="clip">[frames, width].</param>
    /// <param name="zeros">[width].</param>
    public static void TransformInput(MatrixView clip, int tile, MatrixView zeros, Planes destination, int row)
    {
        float** target = stackalloc float*[Inputs];
        for (var e = 0; e < Inputs; e++)
            target[e] = destination[e].Start + ((nint)row * destination.Width);
        TransformInput(clip, tile, zeros, target, clip.Width, 0);
    }

    /// <summary>Writes D of one tile to a row of eight packed right operands.</summary>
    /// <param name="clip">[frames, width].</param>
    /// <param name="zeros">[width].</param>
    public static void TransformInput(MatrixView clip, int tile, MatrixView zeros, PackedRight[] destination, int row)
    {
        float** target = stackalloc float*[Inputs];
        for (var e = 0; e < Inputs; e++)
            target[e] = destination[e].GetRow(row);
        TransformInput(clip, tile, zeros, target, PackedRight.PanelWidth, destination[0].GetPanelStride(row));
    }

    /// <summary>Adds dd of one tile to the gradient of the clip's rows.</summary>
    /// <param name="source">dD.</param>
    /// <param name="gradClip">[frames, width].</param>
    /// <param name="unusedRow">[width], written for rows outside the clip; never read.</param>
    public static void AddInputGradient(Planes source, int row, MatrixView gradClip, int tile, MatrixView unusedRow)
    {
        float** g = stackalloc float*[Inputs];
        float** destination = stackalloc float*[Inputs];
        for (var e = 0; e < Inputs; e++)
            g[e] = source[e].Start + ((nint)row * source.Width);
        FindInputRows(gradClip, tile, unusedRow, destination);
        LaneMap.Run<InputGradientMap>(g, destination, 0, gradClip.Width);
    }

    private static void TransformInput(
        MatrixView clip,
        int tile,
        MatrixView zeros,
        float** destination,
        int panelWidth,
        nint panelStride
    )
    {
        float** d = stackalloc float*[Inputs];
        FindInputRows(clip, tile, zeros, d);
        for (var first = 0; first < clip.Width; first += panelWidth)
        {
            var end = Math.Min(clip.Width, first + panelWidth);
            // From the index of a channel in a row to its index in the panels.
            var shift = (first / panelWidth * panelStride) - first;
            LaneMap.Run<InputMap>(d, destination, first, end, shift);
        }
    }

    private static void FindInputRows(MatrixView clip, int tile, MatrixView unusedRow, float** rows)
    {
        for (var j = 0; j < Inputs; j++)
        {
            var t = (Outputs * tile) - RowsBeforeFirstOutput + j;
            rows[j] = t >= 0 && t < clip.Count ? clip.Start + ((nint)t * clip.Stride) : unusedRow.Start;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T MultiplyAdd<T>(T x, float factor, T addend)
        where T : struct, ILanes<T> => T.MultiplyAdd(x, T.Broadcast(factor), addend);

    private readonly struct InputMap : ILaneMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(float** d, float** destination, nint index, nint shift)
            where T : struct, ILanes<T>
        {
            T d0 = T.Load(d[0] + index),
                d1 = T.Load(d[1] + index),
                d2 = T.Load(d[2] + index),
                d3 = T.Load(d[3] + index);
            T d4 = T.Load(d[4] + index),
                d5 = T.Load(d[5] + index),
                d6 = T.Load(d[6] + index),
                d7 = T.Load(d[7] + index);
            index += shift;
            T.Store(MultiplyAdd(d4 - d2, 5.25f, d0 - d6), destination[0] + index);
            T.Store(MultiplyAdd(d3 - d5, 5.25f, d7 - d1), destination[7] + index);
            T even = MultiplyAdd(d4, -4.25f, d2 + d6),
                odd = MultiplyAdd(d3, -4.25f, d1 + d5);
            T.Store(even + odd, destination[1] + index);
            T.Store(even - odd, destination[2] + index);
            even = MultiplyAdd(d4, -1.25f, MultiplyAdd(d2, 0.25f, d6));
            odd = MultiplyAdd(d5, 2f, MultiplyAdd(d3, -2.5f, d1 * T.Broadcast(0.5f)));
            T.Store(even + odd, destination[3] + index);
            T.Store(even - odd, destination[4] + index);
            even = MultiplyAdd(d4, -5f, MultiplyAdd(d2, 4f, d6));
            odd = MultiplyAdd(d5, 0.5f, MultiplyAdd(d3, -2.5f, d1 * T.Broadcast(2f)));
            T.Store(even + odd, destination[5] + index);
            T.Store(even - odd, destination[6] + index);
        }
    }

    // The transpose of InputMap: each input row accumulates the gradients of the outputs it contributes to.
    private readonly struct InputGradientMap : ILaneMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(float** g, float** destination, nint index, nint shift)
            where T : struct, ILanes<T>
        {
            T g0 = T.Load(g[0] + index),
                g7 = T.Load(g[7] + index);
            T g1 = T.Load(g[1] + index),
                g2 = T.Load(g[2] + index),
                sum1 = g1 + g2,
                difference1 = g1 - g2;
            T g3 = T.Load(g[3] + index),
                g4 = T.Load(g[4] + index),
                sum2 = g3 + g4,
                difference2 = g3 - g4;
            T g5 = T.Load(g[5] + index),
                g6 = T.Load(g[6] + index),
                sumHalf = g5 + g6,
                differenceHalf = g5 - g6;
            Add(g0, destination[0] + index);
            Add(
                MultiplyAdd(differenceHalf, 2f, MultiplyAdd(difference2, 0.5f, difference1 - g7)),
                destination[1] + index
            );
            Add(
                MultiplyAdd(sumHalf, 4f, MultiplyAdd(sum2, 0.25f, MultiplyAdd(g0, -5.25f, sum1))),
                destination[2] + index
            );
            Add(
                MultiplyAdd(
                    difference2 + differenceHalf,
                    -2.5f,
                    MultiplyAdd(difference1, -4.25f, g7 * T.Broadcast(5.25f))
                ),
                destination[3] + index
            );
            Add(
                MultiplyAdd(
                    sumHalf,
                    -5f,
                    MultiplyAdd(sum2, -1.25f, MultiplyAdd(sum1, -4.25f, g0 * T.Broadcast(5.25f)))
                ),
                destination[4] + index
            );
            Add(
                MultiplyAdd(differenceHalf, 0.5f, MultiplyAdd(difference2, 2f, MultiplyAdd(g7, -5.25f, difference1))),
                destination[5] + index
            );
            Add(sum1 + sum2 + sumHalf - g0, destination[6] + index);
            Add(g7, destination[7] + index);

            static void Add(T value, float* destination) => T.Store(T.Load(destination) + value, destination);
        }
    }
}
