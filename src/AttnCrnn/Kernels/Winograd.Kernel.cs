using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AttnCrnn.Kernels;

internal static unsafe partial class Winograd
{
    private const int Taps = 5;
    private const double Scale1 = -2.0 / 9, Scale2 = 1.0 / 90, ScaleHalf = 32.0 / 45; // c of ±1, ±2, ±½; 1 of 0 and ∞

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

    private static void KernelVector(float** w, float** g, nint at, int count)
    {
        Vectors.Store(Vectors.Load(w[0] + at, count), g[0] + at, count);
        KernelPair(w, 1, Scale1, g + 1, at, count);
        KernelPair(w, 2, Scale2, g + 3, at, count);
        KernelPair(w, 0.5, ScaleHalf, g + 5, at, count);
        Vectors.Store(Vectors.Load(w[4] + at, count), g[7] + at, count);
    }

    // G at the points p and -p. In float64, rounded once: weights are few, and what is wrong with them is wrong in every tile.
    private static void KernelPair(float** w, double p, double scale, float** g, nint at, int count)
    {
        Vector256<float> w0 = Vectors.Load(w[0] + at, count), w1 = Vectors.Load(w[1] + at, count), w2 = Vectors.Load(w[2] + at, count);
        Vector256<float> w3 = Vectors.Load(w[3] + at, count), w4 = Vectors.Load(w[4] + at, count);
        var evenLow = ((Vector256.WidenLower(w4) * (p * p)) + Vector256.WidenLower(w2)) * (p * p) + Vector256.WidenLower(w0);
        var evenHigh = ((Vector256.WidenUpper(w4) * (p * p)) + Vector256.WidenUpper(w2)) * (p * p) + Vector256.WidenUpper(w0);
        var oddLow = ((Vector256.WidenLower(w3) * (p * p)) + Vector256.WidenLower(w1)) * p;
        var oddHigh = ((Vector256.WidenUpper(w3) * (p * p)) + Vector256.WidenUpper(w1)) * p;
        Vectors.Store(Vector256.Narrow((evenLow + oddLow) * scale, (evenHigh + oddHigh) * scale), g[0] + at, count);
        Vectors.Store(Vector256.Narrow((evenLow - oddLow) * scale, (evenHigh - oddHigh) * scale), g[1] + at, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void KernelGradientVector(float** g, float** w, nint at, int count)
    {
        Vector256<float> g1 = Vectors.Load(g[1] + at, count), g2 = Vectors.Load(g[2] + at, count), g3 = Vectors.Load(g[3] + at, count), g4 = Vectors.Load(g[4] + at, count);
        Vector256<float> g5 = Vectors.Load(g[5] + at, count), g6 = Vectors.Load(g[6] + at, count);
        Vector256<float> sum1 = (g1 + g2) * (float)Scale1, difference1 = (g1 - g2) * (float)Scale1, sum2 = (g3 + g4) * (float)Scale2, difference2 = (g3 - g4) * (float)Scale2;
        Vector256<float> sumHalf = (g5 + g6) * (float)ScaleHalf, differenceHalf = (g5 - g6) * (float)ScaleHalf;
        Vectors.Store(Vectors.Load(g[0] + at, count) + sum1 + sum2 + sumHalf, w[0] + at, count);
        Vectors.Store(Fused(differenceHalf, 0.5f, Fused(difference2, 2f, difference1)), w[1] + at, count);
        Vectors.Store(Fused(sumHalf, 0.25f, Fused(sum2, 4f, sum1)), w[2] + at, count);
        Vectors.Store(Fused(differenceHalf, 0.125f, Fused(difference2, 8f, difference1)), w[3] + at, count);
        Vectors.Store(Vectors.Load(g[7] + at, count) + Fused(sumHalf, 0.0625f, Fused(sum2, 16f, sum1)), w[4] + at, count);
    }
}
