using AttnCrnn.Numerics.Gemm.Tiles;

namespace AttnCrnn.Numerics.Gemm;

/// <summary>Computes one block of a product on one thread: all tiles of c over one block of k.</summary>
internal static unsafe class ProductSweep<TTile>
    where TTile : ITile
{
    /// <summary>c += a b, or c = a b if <paramref name="fresh"/>.</summary>
    /// <param name="a">[rows, depth], rows <paramref name="aStride"/> apart.</param>
    /// <param name="b">[columns / tile, depth, tile]: panels <paramref name="bStride"/> apart.</param>
    /// <param name="c">[rows, columns], rows <paramref name="cStride"/> apart.</param>
    public static void Rows(
        ProductScratch scratch,
        float* a,
        nint aStride,
        int rows,
        float* b,
        nint bStride,
        int columns,
        int depth,
        float* c,
        nint cStride,
        bool fresh
    )
    {
        var whole = rows / TTile.Height * TTile.Height;
        // Rows past the end must not be read: the last rows are copied and padded to a tile.
        var last =
            whole < rows ? scratch.CopyLeft(a + (whole * aStride), aStride, rows - whole, TTile.Height, depth) : null;
        // A panel of b stays in the L1 cache over all rows of a.
        for (var j = 0; j < columns; j += TTile.Width)
        {
            var panel = b + (j / TTile.Width * bStride);
            var width = Math.Min(TTile.Width, columns - j);
            for (var i = 0; i < rows; i += TTile.Height)
            {
                var to = c + (i * cStride) + j;
                var height = Math.Min(TTile.Height, rows - i);
                var left = i < whole ? a + (i * aStride) : last;
                var stride = i < whole ? aStride : depth;
                if (height == TTile.Height && width == TTile.Width)
                {
                    TTile.Multiply<LeftRows>(left, stride, panel, depth, to, cStride, fresh);
                    continue;
                }
                var edge = scratch.LoadEdge(to, cStride, height, width, TTile.Width);
                TTile.Multiply<LeftRows>(left, stride, panel, depth, edge, TTile.Width, fresh);
                ProductScratch.StoreEdge(edge, to, cStride, height, width, TTile.Width);
            }
        }
    }

    /// <summary>c += aᵀ b, or c = aᵀ b if <paramref name="fresh"/>.</summary>
    /// <param name="a">[depth, rows], rows <paramref name="aStride"/> apart.</param>
    /// <param name="b">[columns / tile, depth, tile]: panels <paramref name="bStride"/> apart.</param>
    /// <param name="c">[rows, columns], rows <paramref name="cStride"/> apart.</param>
    public static void Transposed(
        ProductScratch scratch,
        float* a,
        nint aStride,
        int rows,
        float* b,
        nint bStride,
        int columns,
        int depth,
        float* c,
        nint cStride,
        bool fresh
    )
    {
        for (var i = 0; i < rows; i += TTile.Height)
        {
            var height = Math.Min(TTile.Height, rows - i);
            var left = scratch.Left(depth, TTile.Height);
            Packing.Panel(a + i, aStride, depth, height, TTile.Height, left);
            Packed(scratch, left, 0, height, b, bStride, columns, depth, c + (i * cStride), cStride, fresh);
        }
    }

    /// <summary>c += aᵀ b, or c = aᵀ b if <paramref name="fresh"/>, with a packed left operand.</summary>
    /// <param name="a">[rows / tile, depth, tile]: panels <paramref name="aStride"/> apart.</param>
    /// <param name="b">[columns / tile, depth, tile]: panels <paramref name="bStride"/> apart.</param>
    /// <param name="c">[rows, columns], rows <paramref name="cStride"/> apart.</param>
    public static void Packed(
        ProductScratch scratch,
        float* a,
        nint aStride,
        int rows,
        float* b,
        nint bStride,
        int columns,
        int depth,
        float* c,
        nint cStride,
        bool fresh
    )
    {
        // A panel of b stays in the L1 cache over all panels of a.
        for (var j = 0; j < columns; j += TTile.Width)
        {
            var panel = b + (j / TTile.Width * bStride);
            var width = Math.Min(TTile.Width, columns - j);
            var left = a;
            for (var i = 0; i < rows; i += TTile.Height, left += aStride)
            {
                var to = c + (i * cStride) + j;
                var height = Math.Min(TTile.Height, rows - i);
                if (height == TTile.Height && width == TTile.Width)
                {
                    TTile.Multiply<LeftPanel>(left, 0, panel, depth, to, cStride, fresh);
                    continue;
                }
                var edge = scratch.LoadEdge(to, cStride, height, width, TTile.Width);
                TTile.Multiply<LeftPanel>(left, 0, panel, depth, edge, TTile.Width, fresh);
                ProductScratch.StoreEdge(edge, to, cStride, height, width, TTile.Width);
            }
        }
    }
}
