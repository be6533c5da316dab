using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AttnCrnn.Kernels;

/// <summary>
/// Convolution of five taps by eight products for four outputs, instead of twenty: F(4, 5) of Winograd 1980 ("Arithmetic complexity of
/// computations"), used as Lavin and Gray 2016 do ("Fast algorithms for convolutional neural networks"), at the points 0, ±1, ±2, ±½, ∞.
/// </summary>
/// <remarks>
/// <para>Four outputs of a channel see eight inputs: y_j = Σ_k d_{j+k} W_k. Read turned over, that is the product of two polynomials, and a product of
/// polynomials is known from its values at eight points p_e, where it is a product of numbers. So: the taps become their values G_e = c_e Σ_k p_e^k W_k
/// (c_e from Lagrange's interpolation), the inputs become D_e, the products over all channels are plain matrix products M_e = D_e G_e, and the
/// outputs are y_j = Σ_e p_e^j M_e. The way back runs the same linear maps turned over: E_e = Σ_j p_e^j dy_j, dG_e = D_eᵀ E_e,
/// dW_k = Σ_e c_e p_e^k dG_e, dD_e = E_e G_eᵀ, and dd from dD.</para>
/// <para>Tile j of a clip makes the outputs 4j to 4j + 3 from the rows 4j - 2 to 4j + 5, with zeros outside the clip.</para>
/// <para>Each map is elementwise over channels or filters, in vectors of eight: the same bits on every processor.</para>
/// </remarks>
internal static unsafe partial class Winograd
{
    private const int Outputs = 4; // of a tile
    private const int Inputs = 8;
    private const int Before = 2; // rows that a tile sees before its first output
    private const int Lanes = Vectors.Lanes;

    /// <summary>Tiles of a clip: as many as have outputs to pool in pairs, so an odd last output, which pooling drops, is not computed.</summary>
    public static int Tiles(int frames) => ((frames / 2) + 1) / 2;

    /// <summary>D of one tile, into a row of each plane.</summary>
    /// <param name="clip">[frames, width].</param>
    /// <param name="zeros">[width].</param>
    public static void Input(Rows clip, int tile, Rows zeros, Planes to, int row)
    {
        float** target = stackalloc float*[Inputs];
        for (var e = 0; e < Inputs; e++) target[e] = to[e].Start + ((nint)row * to.Width);
        Input(clip, tile, zeros, target, clip.Width, 0);
    }

    /// <summary>D of one tile, into a row of eight packed right sides.</summary>
    /// <param name="clip">[frames, width].</param>
    /// <param name="zeros">[width].</param>
    public static void Input(Rows clip, int tile, Rows zeros, PackedRight[] to, int row)
    {
        float** target = stackalloc float*[Inputs];
        for (var e = 0; e < Inputs; e++) target[e] = to[e].Row(row);
        Input(clip, tile, zeros, target, PackedRight.PanelWidth, to[0].PanelStride(row));
    }

    /// <summary>dd of one tile, added to the gradient of the clip's rows that it sees.</summary>
    /// <param name="from">dD.</param>
    /// <param name="gradClip">[frames, width].</param>
    /// <param name="outside">[width], for what falls outside the clip; never read.</param>
    public static void InputGradient(Planes from, int row, Rows gradClip, int tile, Rows outside)
    {
        float** g = stackalloc float*[Inputs];
        float** to = stackalloc float*[Inputs];
        for (var e = 0; e < Inputs; e++) g[e] = from[e].Start + ((nint)row * from.Width);
        SeenRows(gradClip, tile, outside, to);
        var i = 0;
        for (; i <= gradClip.Width - Lanes; i += Lanes) InputGradientVector(g, to, i, Lanes);
        if (i < gradClip.Width) InputGradientVector(g, to, i, gradClip.Width - i);
    }

    private static void Input(Rows clip, int tile, Rows zeros, float** to, int panelWidth, nint panelStride)
    {
        float** d = stackalloc float*[Inputs];
        SeenRows(clip, tile, zeros, d);
        for (var first = 0; first < clip.Width; first += panelWidth)
        {
            var end = Math.Min(clip.Width, first + panelWidth);
            var shift = (first / panelWidth * panelStride) - first; // from a channel's place in a row to its place in the panels
            var i = first;
            for (; i <= end - Lanes; i += Lanes) InputVector(d, i, to, shift, Lanes);
            if (i < end) InputVector(d, i, to, shift, end - i);
        }
    }

    private static void SeenRows(Rows clip, int tile, Rows outside, float** rows)
    {
        for (var j = 0; j < Inputs; j++)
        {
            var t = (Outputs * tile) - Before + j;
            rows[j] = t >= 0 && t < clip.Count ? clip.Start + ((nint)t * clip.Stride) : outside.Start;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputVector(float** d, nint at, float** to, nint shift, int count)
    {
        Vector256<float> d0 = Vectors.Load(d[0] + at, count), d1 = Vectors.Load(d[1] + at, count), d2 = Vectors.Load(d[2] + at, count), d3 = Vectors.Load(d[3] + at, count);
        Vector256<float> d4 = Vectors.Load(d[4] + at, count), d5 = Vectors.Load(d[5] + at, count), d6 = Vectors.Load(d[6] + at, count), d7 = Vectors.Load(d[7] + at, count);
        at += shift;
        Vectors.Store(Fused(d4 - d2, 5.25f, d0 - d6), to[0] + at, count);
        Vectors.Store(Fused(d3 - d5, 5.25f, d7 - d1), to[7] + at, count);
        var (even, odd) = (Fused(d4, -4.25f, d2 + d6), Fused(d3, -4.25f, d1 + d5));
        Vectors.Store(even + odd, to[1] + at, count);
        Vectors.Store(even - odd, to[2] + at, count);
        (even, odd) = (Fused(d4, -1.25f, Fused(d2, 0.25f, d6)), Fused(d5, 2f, Fused(d3, -2.5f, d1 * 0.5f)));
        Vectors.Store(even + odd, to[3] + at, count);
        Vectors.Store(even - odd, to[4] + at, count);
        (even, odd) = (Fused(d4, -5f, Fused(d2, 4f, d6)), Fused(d5, 0.5f, Fused(d3, -2.5f, d1 * 2f)));
        Vectors.Store(even + odd, to[5] + at, count);
        Vectors.Store(even - odd, to[6] + at, count);
    }

    // The same map turned over: each input collects what it was given to.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputGradientVector(float** g, float** to, nint at, int count)
    {
        Vector256<float> g0 = Vectors.Load(g[0] + at, count), g7 = Vectors.Load(g[7] + at, count);
        Vector256<float> g1 = Vectors.Load(g[1] + at, count), g2 = Vectors.Load(g[2] + at, count), sum1 = g1 + g2, difference1 = g1 - g2;
        Vector256<float> g3 = Vectors.Load(g[3] + at, count), g4 = Vectors.Load(g[4] + at, count), sum3 = g3 + g4, difference3 = g3 - g4;
        Vector256<float> g5 = Vectors.Load(g[5] + at, count), g6 = Vectors.Load(g[6] + at, count), sum5 = g5 + g6, difference5 = g5 - g6;
        Add(g0, to[0] + at, count);
        Add(Fused(difference5, 2f, Fused(difference3, 0.5f, difference1 - g7)), to[1] + at, count);
        Add(Fused(sum5, 4f, Fused(sum3, 0.25f, Fused(g0, -5.25f, sum1))), to[2] + at, count);
        Add(Fused(difference3 + difference5, -2.5f, Fused(difference1, -4.25f, g7 * 5.25f)), to[3] + at, count);
        Add(Fused(sum5, -5f, Fused(sum3, -1.25f, Fused(sum1, -4.25f, g0 * 5.25f))), to[4] + at, count);
        Add(Fused(difference5, 0.5f, Fused(difference3, 2f, Fused(g7, -5.25f, difference1))), to[5] + at, count);
        Add(sum1 + sum3 + sum5 - g0, to[6] + at, count);
        Add(g7, to[7] + at, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Fused(Vector256<float> x, float factor, Vector256<float> plus) => Vector256.FusedMultiplyAdd(x, Vector256.Create(factor), plus);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector256<float> value, float* to, int count) => Vectors.Store(Vectors.Load(to, count) + value, to, count);
}
