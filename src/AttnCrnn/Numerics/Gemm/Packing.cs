using System.Runtime.Intrinsics;
using AttnCrnn.Numerics.Elementwise;

namespace AttnCrnn.Numerics.Gemm;

/// <summary>
/// Packs operands as a tile reads them: panels as wide as the tile, with contiguous rows, padded with zero columns.
/// </summary>
internal static unsafe class Packing
{
    /// <summary>
    /// Padding between panels in floats, one cache line: a row is written across all panels, and panels a multiple of 4
    /// KB apart map to the same L1 cache set and evict each other.
    /// </summary>
    public const int Gap = 16;

    /// <summary>Packs [depth, width], rows <paramref name="stride"/> apart, as contiguous [depth, whole].</summary>
    public static void Panel(float* from, nint stride, int depth, int width, int whole, float* to)
    {
        if (width == whole)
        {
            if (whole == 8)
            {
                for (var k = 0; k < depth; k++, from += stride, to += 8)
                    Vector256.Load(from).Store(to);
                return;
            }
            if (whole == 32 && Vector512.IsHardwareAccelerated)
            {
                for (var k = 0; k < depth; k++, from += stride, to += 32)
                {
                    Vector512.Load(from).Store(to);
                    Vector512.Load(from + 16).Store(to + 16);
                }
                return;
            }
            for (var k = 0; k < depth; k++, from += stride, to += whole)
                Copy(from, to, whole);
            return;
        }
        for (var k = 0; k < depth; k++, from += stride, to += whole)
        {
            new ReadOnlySpan<float>(from, width).CopyTo(new Span<float>(to, whole));
            new Span<float>(to + width, whole - width).Clear();
        }
    }

    /// <summary>
    /// Packs the transpose of [width, depth], rows <paramref name="stride"/> apart, as contiguous [depth, whole].
    /// </summary>
    public static void TransposedPanel(float* from, nint stride, int depth, int width, int whole, float* to)
    {
        if (width < whole)
            new Span<float>(to, depth * whole).Clear();
        Transposition.Copy(from, stride, width, depth, to, whole);
    }

    /// <summary>Copies the few floats of a panel row without the call overhead of Span.CopyTo.</summary>
    public static void Copy(float* from, float* to, int count)
    {
        for (; count >= 8; count -= 8, from += 8, to += 8)
            Vector256.Load(from).Store(to);
        if (count >= 4)
        {
            Vector128.Load(from).Store(to);
            from += 4;
            to += 4;
            count -= 4;
        }
        for (; count > 0; count--)
            *to++ = *from++;
    }

    /// <summary>The value, rounded up to a multiple.</summary>
    public static int Rounded(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
