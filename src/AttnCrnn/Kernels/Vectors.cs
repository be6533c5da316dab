using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AttnCrnn.Kernels;

/// <summary>Eight floats, or the last few of a row with zeros after them. Inlined with a constant count of eight, nothing of the choice is left.</summary>
internal static unsafe class Vectors
{
    /// <summary>Floats at once.</summary>
    public const int Lanes = 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* from, int count) => count == Lanes ? Vector256.Load(from) : LoadPart(from, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> value, float* to, int count)
    {
        if (count == Lanes) value.Store(to);
        else StorePart(value, to, count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<float> LoadPart(float* from, int count)
    {
        float* part = stackalloc float[Lanes];
        for (var i = 0; i < Lanes; i++) part[i] = i < count ? from[i] : 0;
        return Vector256.Load(part);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StorePart(Vector256<float> value, float* to, int count)
    {
        for (var i = 0; i < count; i++) to[i] = value[i];
    }
}
