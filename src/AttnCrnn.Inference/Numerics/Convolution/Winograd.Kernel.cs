using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Simd;

namespace AttnCrnn.Numerics.Convolution;

internal static unsafe partial class Winograd
{
    private const int Taps = 5;
    private const double Scale1 = -2.0 / 9;
    private const double Scale2 = 1.0 / 90;
    private const double ScaleHalf = 32.0 / 45; // c_e at the points ±1, ±2, ±½; c_e = 1 at 0 and ∞

    /// <summary>Transforms the taps of a range of channels into G, packed as the right operand of products.</summary>
    /// <param name="kernel">[5 · channels, filters].</param>
    /// <param name="transformed">[channels, filters] each.</param>
    public static void TransformKernel(MatrixView kernel, PackedRight[] transformed, int firstChannel, int channels)
    {
        float** g = stackalloc float*[Inputs];
        for (var channel = firstChannel; channel < firstChannel + channels; channel++)
        {
            for (var e = 0; e < Inputs; e++)
                g[e] = transformed[e].GetRow(channel);
            TransformKernel(
                kernel,
                channel,
                kernel.Count / Taps,
                g,
                PackedRight.PanelWidth,
                transformed[0].GetPanelStride(channel)
            );
        }
    }

    /// <summary>Transforms the taps of a range of channels into G.</summary>
    /// <param name="kernel">[5 · channels, filters].</param>
    /// <param name="transformed">[channels, filters] each.</param>
    public static void TransformKernel(MatrixView kernel, Planes transformed, int firstChannel, int channels)
    {
        float** g = stackalloc float*[Inputs];
        for (var channel = firstChannel; channel < firstChannel + channels; channel++)
        {
            for (var e = 0; e < Inputs; e++)
                g[e] = transformed[e].Start + ((nint)channel * transformed.Width);
            TransformKernel(kernel, channel, transformed.Rows, g, kernel.Width, 0);
        }
    }

    /// <summary>Computes dW of a range of channels from the transpose of dG.</summary>
    /// <param name="gradTransformed">dGᵀ of these channels, [filters, channels] each.</param>
    /// <param name="gradient">[5 · all channels, filters].</param>
    /// <param name="work">[5 · filters, channels].</param>
    public static void ComputeKernelGradient(
        Planes gradTransformed,
        MatrixView gradient,
        int firstChannel,
        MatrixView work
    )
    {
        var channels = gradTransformed.Width;
        float** g = stackalloc float*[Inputs];
        float** w = stackalloc float*[Taps];
        var filters = gradTransformed.Rows;
        for (var filter = 0; filter < filters; filter++)
        {
            for (var e = 0; e < Inputs; e++)
                g[e] = gradTransformed[e].Start + ((nint)filter * channels);
            for (var k = 0; k < Taps; k++)
                w[k] = work.Start + ((((nint)k * filters) + filter) * work.Stride);
            LaneMap.Run<KernelGradientMap>(g, w, 0, channels);
        }
        for (var k = 0; k < Taps; k++)
            Transposition.Copy(
                work.Start + ((nint)k * filters * work.Stride),
                work.Stride,
                filters,
                channels,
                gradient.Start + ((((nint)k * (gradient.Count / Taps)) + firstChannel) * gradient.Stride),
                gradient.Stride
            );
    }

    private static void TransformKernel(
        MatrixView kernel,
        int channel,
        int channels,
        float** g,
        int panelWidth,
        nint panelStride
    )
    {
        float** w = stackalloc float*[Taps];
        for (var k = 0; k < Taps; k++)
            w[k] = kernel.Start + ((((nint)k * channels) + channel) * kernel.Stride);
        for (var first = 0; first < kernel.Width; first += panelWidth)
        {
            var end = Math.Min(kernel.Width, first + panelWidth);
            var shift = (first / panelWidth * panelStride) - first;
            var i = first;
            for (; i <= end - Vector256<double>.Count; i += Vector256<double>.Count)
                TransformFourFilters(w, i, g, shift);
            for (; i < end; i++)
                TransformOneFilter(w, i, g, shift);
        }
    }

    // G of four filters, in float64 and rounded once: an error in a weight would affect every tile.
    private static void TransformFourFilters(float** w, nint index, float** g, nint shift)
    {
        Vector128<float> first = Vector128.Load(w[0] + index),
            last = Vector128.Load(w[4] + index);
        Vector256<double> w0 = Widen(first),
            w1 = Widen(Vector128.Load(w[1] + index)),
            w2 = Widen(Vector128.Load(w[2] + index)),
            w3 = Widen(Vector128.Load(w[3] + index)),
            w4 = Widen(last);
        index += shift;
        first.Store(g[0] + index);
        last.Store(g[7] + index);
        Vector256<double> even = w4 + w2 + w0,
            odd = w3 + w1;
        Narrow((even + odd) * Scale1).Store(g[1] + index);
        Narrow((even - odd) * Scale1).Store(g[2] + index);
        even = (((w4 * 4.0) + w2) * 4.0) + w0;
        odd = ((w3 * 4.0) + w1) * 2.0;
        Narrow((even + odd) * Scale2).Store(g[3] + index);
        Narrow((even - odd) * Scale2).Store(g[4] + index);
        even = (((w4 * 0.25) + w2) * 0.25) + w0;
        odd = ((w3 * 0.25) + w1) * 0.5;
        Narrow((even + odd) * ScaleHalf).Store(g[5] + index);
        Narrow((even - odd) * ScaleHalf).Store(g[6] + index);

        static Vector256<double> Widen(Vector128<float> x) => Vector256.WidenLower(x.ToVector256());
        static Vector128<float> Narrow(Vector256<double> x) => Vector128.Narrow(x.GetLower(), x.GetUpper());
    }

    private static void TransformOneFilter(float** w, nint index, float** g, nint shift)
    {
        double w0 = w[0][index],
            w1 = w[1][index],
            w2 = w[2][index],
            w3 = w[3][index],
            w4 = w[4][index];
        index += shift;
        g[0][index] = (float)w0;
        g[7][index] = (float)w4;
        double even = w4 + w2 + w0,
            odd = w3 + w1;
        g[1][index] = (float)((even + odd) * Scale1);
        g[2][index] = (float)((even - odd) * Scale1);
        even = (((w4 * 4.0) + w2) * 4.0) + w0;
        odd = ((w3 * 4.0) + w1) * 2.0;
        g[3][index] = (float)((even + odd) * Scale2);
        g[4][index] = (float)((even - odd) * Scale2);
        even = (((w4 * 0.25) + w2) * 0.25) + w0;
        odd = ((w3 * 0.25) + w1) * 0.5;
        g[5][index] = (float)((even + odd) * ScaleHalf);
        g[6][index] = (float)((even - odd) * ScaleHalf);
    }

    private readonly struct KernelGradientMap : ILaneMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(float** g, float** w, nint index, nint shift)
            where T : struct, ILanes<T>
        {
            T g1 = T.Load(g[1] + index),
                g2 = T.Load(g[2] + index),
                sum1 = (g1 + g2) * T.Broadcast((float)Scale1),
                difference1 = (g1 - g2) * T.Broadcast((float)Scale1);
            T g3 = T.Load(g[3] + index),
                g4 = T.Load(g[4] + index),
                sum2 = (g3 + g4) * T.Broadcast((float)Scale2),
                difference2 = (g3 - g4) * T.Broadcast((float)Scale2);
            T g5 = T.Load(g[5] + index),
                g6 = T.Load(g[6] + index),
                sumHalf = (g5 + g6) * T.Broadcast((float)ScaleHalf),
                differenceHalf = (g5 - g6) * T.Broadcast((float)ScaleHalf);
            T.Store(T.Load(g[0] + index) + sum1 + sum2 + sumHalf, w[0] + index);
            T.Store(MultiplyAdd(differenceHalf, 0.5f, MultiplyAdd(difference2, 2f, difference1)), w[1] + index);
            T.Store(MultiplyAdd(sumHalf, 0.25f, MultiplyAdd(sum2, 4f, sum1)), w[2] + index);
            T.Store(MultiplyAdd(differenceHalf, 0.125f, MultiplyAdd(difference2, 8f, difference1)), w[3] + index);
            T.Store(T.Load(g[7] + index) + MultiplyAdd(sumHalf, 0.0625f, MultiplyAdd(sum2, 16f, sum1)), w[4] + index);
        }
    }
}
