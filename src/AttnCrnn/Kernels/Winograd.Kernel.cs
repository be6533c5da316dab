using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AttnCrnn.Kernels;

internal static unsafe partial class Winograd
{
    private const int Taps = 5;
    private const float Scale1 = -2f / 9, Scale2 = 1f / 90, ScaleHalf = 32f / 45; // c of ±1, ±2, ±½; 1 of 0 and ∞

    /// <summary>G of some channels, from the taps.</summary>
    /// <param name="kernel">[5 · channels, filters].</param>
    /// <param name="to">[channels, filters] each.</param>
    public static void Kernel(Rows kernel, Planes to, int firstChannel, int channels)
    {
        float** w = stackalloc float*[Taps];
        float** g = stackalloc float*[Inputs];
        for (var channel = firstChannel; channel < firstChannel + channels; channel++)
        {
            for (var k = 0; k < Taps; k++) w[k] = kernel.Start + ((((nint)k * to.Rows) + channel) * kernel.Stride);
            for (var e = 0; e < Inputs; e++) g[e] = to[e].Start + ((nint)channel * to.Width);
            var i = 0;
            for (; i <= kernel.Width - Lanes; i += Lanes) KernelVector(w, g, i, Lanes);
            if (i < kernel.Width) KernelVector(w, g, i, kernel.Width - i);
        }
    }

    /// <summary>dW of some channels, from dG turned over.</summary>
    /// <param name="from">dGᵀ, [filters, channels] each.</param>
    /// <param name="gradient">[5 · channels, filters].</param>
    /// <param name="work">[5 · filters, at least as many channels].</param>
    public static void KernelGradient(Planes from, Rows gradient, int firstChannel, int channels, Rows work)
    {
        float** g = stackalloc float*[Inputs];
        float** w = stackalloc float*[Taps];
        var filters = from.Rows;
        for (var filter = 0; filter < filters; filter++)
        {
            for (var e = 0; e < Inputs; e++) g[e] = from[e].Start + ((nint)filter * from.Width) + firstChannel;
            for (var k = 0; k < Taps; k++) w[k] = work.Start + ((((nint)k * filters) + filter) * work.Stride);
            var i = 0;
            for (; i <= channels - Lanes; i += Lanes) KernelGradientVector(g, w, i, Lanes);
            if (i < channels) KernelGradientVector(g, w, i, channels - i);
        }
        for (var k = 0; k < Taps; k++)
            Transposition.Copy(
                work.Start + ((nint)k * filters * work.Stride), work.Stride, filters, channels,
                gradient.Start + ((((nint)k * from.Width) + firstChannel) * gradient.Stride), gradient.Stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void KernelVector(float** w, float** g, nint at, int count)
    {
        Vector256<float> w0 = Load(w[0] + at, count), w1 = Load(w[1] + at, count), w2 = Load(w[2] + at, count), w3 = Load(w[3] + at, count), w4 = Load(w[4] + at, count);
        Store(w0, g[0] + at, count);
        var (even, odd) = (w0 + w2 + w4, w1 + w3);
        Store((even + odd) * Scale1, g[1] + at, count);
        Store((even - odd) * Scale1, g[2] + at, count);
        (even, odd) = (Fused(w4, 16f, Fused(w2, 4f, w0)), Fused(w3, 8f, w1 * 2f));
        Store((even + odd) * Scale2, g[3] + at, count);
        Store((even - odd) * Scale2, g[4] + at, count);
        (even, odd) = (Fused(w4, 0.0625f, Fused(w2, 0.25f, w0)), Fused(w3, 0.125f, w1 * 0.5f));
        Store((even + odd) * ScaleHalf, g[5] + at, count);
        Store((even - odd) * ScaleHalf, g[6] + at, count);
        Store(w4, g[7] + at, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void KernelGradientVector(float** g, float** w, nint at, int count)
    {
        Vector256<float> g1 = Load(g[1] + at, count), g2 = Load(g[2] + at, count), g3 = Load(g[3] + at, count), g4 = Load(g[4] + at, count);
        Vector256<float> g5 = Load(g[5] + at, count), g6 = Load(g[6] + at, count);
        Vector256<float> sum1 = (g1 + g2) * Scale1, difference1 = (g1 - g2) * Scale1, sum2 = (g3 + g4) * Scale2, difference2 = (g3 - g4) * Scale2;
        Vector256<float> sumHalf = (g5 + g6) * ScaleHalf, differenceHalf = (g5 - g6) * ScaleHalf;
        Store(Load(g[0] + at, count) + sum1 + sum2 + sumHalf, w[0] + at, count);
        Store(Fused(differenceHalf, 0.5f, Fused(difference2, 2f, difference1)), w[1] + at, count);
        Store(Fused(sumHalf, 0.25f, Fused(sum2, 4f, sum1)), w[2] + at, count);
        Store(Fused(differenceHalf, 0.125f, Fused(difference2, 8f, difference1)), w[3] + at, count);
        Store(Load(g[7] + at, count) + Fused(sumHalf, 0.0625f, Fused(sum2, 16f, sum1)), w[4] + at, count);
    }
}
