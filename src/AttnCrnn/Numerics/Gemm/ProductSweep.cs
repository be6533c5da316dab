namespace AttnCrnn.Numerics.Gemm;

/// <summary>One block of a product, on one thread: the tiles of c, each with one block of k.</summary>
internal static unsafe class ProductSweep<TTile>
    where TTile : ITile
{
    /// <summary>c += a b, or c = a b where it is fresh.</summary>
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
        // Rows that are not there must not be read: a tile's worth of them is made.
        var last =
            whole < rows ? scratch.CopyLeft(a + (whole * aStride), aStride, rows - whole, TTile.Height, depth) : null;
        // A panel of b stays in the first cache while the rows of a pass by.
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
                    TTile.MultiplyRows(left, stride, panel, depth, to, cStride, fresh);
                    continue;
                }
                var edge = scratch.LoadEdge(to, cStride, height, width, TTile.Width);
                TTile.MultiplyRows(left, stride, panel, depth, edge, TTile.Width, fresh);
                ProductScratch.StoreEdge(edge, to, cStride, height, width, TTile.Width);
            }
        }
    }

    /// <summary>c += aᵀ b, or c = aᵀ b where it is fresh.</summary>
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

    /// <summary>c += aᵀ b, or c = aᵀ b where it is fresh, with a left side that is packed.</summary>
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
        // A panel of b stays in the first cache while those of a pass by.
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
                    TTile.MultiplyPacked(left, panel, depth, to, cStride, fresh);
                    continue;
                }
                var edge = scratch.LoadEdge(to, cStride, height, width, TTile.Width);
                TTile.MultiplyPacked(left, panel, depth, edge, TTile.Width, fresh);
                ProductScratch.StoreEdge(edge, to, cStride, height, width, TTile.Width);
            }
        }
    }
}
