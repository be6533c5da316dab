using AttnCrnn.Numerics.Gemm.Tiles;

namespace AttnCrnn.Numerics.Gemm;

/// <summary>Computes one block of a product on one thread: all tiles of c over one block of k.</summary>
internal static unsafe class ProductSweep<TTile>
    where TTile : ITile
{
    /// <summary>c += a b, or c = a b if <paramref name="overwrite"/>.</summary>
    /// <param name="a">[rows, depth], rows <paramref name="aStride"/> apart.</param>
    /// <param name="b">[columns / tile, depth, tile]: panels <paramref name="bStride"/> apart.</param>
    /// <param name="c">[rows, columns], rows <paramref name="cStride"/> apart.</param>
    public static void MultiplyRows(
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
        bool overwrite
    )
    {
        var completeRows = rows / TTile.Height * TTile.Height;
        // Rows past the end must not be read: the last rows are copied and padded to a tile.
        var lastRows =
            completeRows < rows
                ? scratch.CopyLeft(a + (completeRows * aStride), aStride, rows - completeRows, TTile.Height, depth)
                : null;
        // A panel of b stays in the L1 cache over all rows of a.
        for (var j = 0; j < columns; j += TTile.Width)
        {
            var panel = b + (j / TTile.Width * bStride);
            var width = Math.Min(TTile.Width, columns - j);
            for (var i = 0; i < rows; i += TTile.Height)
            {
                var tile = c + (i * cStride) + j;
                var height = Math.Min(TTile.Height, rows - i);
                var left = i < completeRows ? a + (i * aStride) : lastRows;
                var stride = i < completeRows ? aStride : depth;
                if (height == TTile.Height && width == TTile.Width)
                {
                    TTile.Multiply<LeftRows>(left, stride, panel, depth, tile, cStride, overwrite);
                    continue;
                }
                var edge = scratch.LoadEdge(tile, cStride, height, width, TTile.Width);
                TTile.Multiply<LeftRows>(left, stride, panel, depth, edge, TTile.Width, overwrite);
                ProductScratch.StoreEdge(edge, tile, cStride, height, width, TTile.Width);
            }
        }
    }

    /// <summary>c += aᵀ b, or c = aᵀ b if <paramref name="overwrite"/>.</summary>
    /// <param name="a">[depth, rows], rows <paramref name="aStride"/> apart.</param>
    /// <param name="b">[columns / tile, depth, tile]: panels <paramref name="bStride"/> apart.</param>
    /// <param name="c">[rows, columns], rows <paramref name="cStride"/> apart.</param>
    public static void MultiplyTransposed(
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
        bool overwrite
    )
    {
        for (var i = 0; i < rows; i += TTile.Height)
        {
            var height = Math.Min(TTile.Height, rows - i);
            var left = scratch.GetLeft(depth, TTile.Height);
            Packing.PackPanel(a + i, aStride, depth, height, TTile.Height, left);
            MultiplyPacked(scratch, left, 0, height, b, bStride, columns, depth, c + (i * cStride), cStride, overwrite);
        }
    }

    /// <summary>c += aᵀ b, or c = aᵀ b if <paramref name="overwrite"/>, with a packed left operand.</summary>
    /// <param name="a">[rows / tile, depth, tile]: panels <paramref name="aStride"/> apart.</param>
    /// <param name="b">[columns / tile, depth, tile]: panels <paramref name="bStride"/> apart.</param>
    /// <param name="c">[rows, columns], rows <paramref name="cStride"/> apart.</param>
    public static void MultiplyPacked(
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
        bool overwrite
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
                var tile = c + (i * cStride) + j;
                var height = Math.Min(TTile.Height, rows - i);
                if (height == TTile.Height && width == TTile.Width)
                {
                    TTile.Multiply<LeftPanel>(left, 0, panel, depth, tile, cStride, overwrite);
                    continue;
                }
                var edge = scratch.LoadEdge(tile, cStride, height, width, TTile.Width);
                TTile.Multiply<LeftPanel>(left, 0, panel, depth, edge, TTile.Width, overwrite);
                ProductScratch.StoreEdge(edge, tile, cStride, height, width, TTile.Width);
            }
        }
    }
}
