namespace AttnCrnn.Kernels;

/// <summary>Operands laid out as a tile reads them: a panel as wide as the tile, its rows end to end, zeros where the operand has no more columns.</summary>
internal static unsafe class Packing
{
    /// <summary>[depth, width] with rows apart becomes [depth, whole] end to end.</summary>
    public static void Panel(float* from, nint stride, int depth, int width, int whole, float* to)
    {
        for (var k = 0; k < depth; k++, from += stride, to += whole)
        {
            new ReadOnlySpan<float>(from, width).CopyTo(new Span<float>(to, whole));
            if (width < whole) new Span<float>(to + width, whole - width).Clear();
        }
    }

    /// <summary>[width, depth] with rows apart becomes [depth, whole] end to end.</summary>
    public static void TransposedPanel(float* from, nint stride, int depth, int width, int whole, float* to)
    {
        if (width < whole) new Span<float>(to, depth * whole).Clear();
        Transposition.Copy(from, stride, width, depth, to, whole);
    }

    public static int Rounded(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
