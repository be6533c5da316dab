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

    /// <summary>
    /// Packs [depth, width], rows <paramref name="stride"/> apart, as contiguous [depth, panelWidth].
    /// </summary>
    public static void PackPanel(float* source, nint stride, int depth, int width, int panelWidth, float* destination)
    {
        if (width == panelWidth)
        {
            if (panelWidth == 8)
            {
                for (var k = 0; k < depth; k++, source += stride, destination += 8)
                    Vector256.Load(source).Store(destination);
                return;
            }
            if (panelWidth == 32 && Vector512.IsHardwareAccelerated)
            {
                for (var k = 0; k < depth; k++, source += stride, destination += 32)
                {
                    Vector512.Load(source).Store(destination);
                    Vector512.Load(source + 16).Store(destination + 16);
                }
                return;
            }
            for (var k = 0; k < depth; k++, source += stride, destination += panelWidth)
                Copy(source, destination, panelWidth);
            return;
        }
        for (var k = 0; k < depth; k++, source += stride, destination += panelWidth)
        {
            new ReadOnlySpan<float>(source, width).CopyTo(new Span<float>(destination, panelWidth));
            new Span<float>(destination + width, panelWidth - width).Clear();
        }
    }

    /// <summary>
    /// Packs the transpose of [width, depth], rows <paramref name="stride"/> apart, as contiguous [depth, panelWidth].
    /// </summary>
    public static void PackTransposedPanel(
        float* source,
        nint stride,
        int depth,
        int width,
        int panelWidth,
        float* destination
    )
    {
        if (width < panelWidth)
            new Span<float>(destination, depth * panelWidth).Clear();
        Transposition.Copy(source, stride, width, depth, destination, panelWidth);
    }

    /// <summary>Copies the few floats of a panel row without the call overhead of Span.CopyTo.</summary>
    public static void Copy(float* source, float* destination, int count)
    {
        for (; count >= 8; count -= 8, source += 8, destination += 8)
            Vector256.Load(source).Store(destination);
        if (count >= 4)
        {
            Vector128.Load(source).Store(destination);
            source += 4;
            destination += 4;
            count -= 4;
        }
        for (; count > 0; count--)
            *destination++ = *source++;
    }

    /// <summary>The value, rounded up to a multiple.</summary>
    public static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
