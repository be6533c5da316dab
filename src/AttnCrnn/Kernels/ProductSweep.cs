namespace AttnCrnn.Kernels;

/// <summary>One block of a product, on one thread: the tiles of c, each with one block of k.</summary>
internal static unsafe class ProductSweep<TTile> where TTile : ITile
{
    /// <summary>c += a b, or c = a b where it is fresh.</summary>
    /// <param name="a">[rows, depth], rows <paramref name="aStride"/> apart.</param>
    /// <param name="b">[columns / tile, depth, tile]: panels end to end.</param>
    /// <param name="c">[rows, columns], rows <paramref name="cStride"/> apart.</param>
    public static void Rows(ProductScratch scratch, float* a, nint aStride, int rows, float* b, int columns, int depth, float* c, nint cStride, bool fresh)
    {
        for (var i = 0; i < rows; i += TTile.Height)
        {
            var height = Math.Min(TTile.Height, rows - i);
            var left = a + (i * aStride);
            var stride = aStride;
            if (height < TTile.Height) // rows that are not there must not be read: a tile's worth of them is made
            {
                left = scratch.CopyLeft(left, aStride, height, TTile.Height, depth);
                stride = depth;
            }
            for (var j = 0; j < columns; j += TTile.Width)
            {
                var panel = b + ((nint)j * depth);
                var to = c + (i * cStride) + j;
                var width = Math.Min(TTile.Width, columns - j);
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
    /// <param name="b">[columns / tile, depth, tile]: panels end to end.</param>
    /// <param name="c">[rows, columns], rows <paramref name="cStride"/> apart.</param>
    public static void Transposed(ProductScratch scratch, float* a, nint aStride, int rows, float* b, int columns, int depth, float* c, nint cStride, bool fresh)
    {
        for (var i = 0; i < rows; i += TTile.Height)
        {
            var height = Math.Min(TTile.Height, rows - i);
            var left = scratch.Left(depth, TTile.Height);
            Packing.Panel(a + i, aStride, depth, height, TTile.Height, left);
            for (var j = 0; j < columns; j += TTile.Width)
            {
                var panel = b + ((nint)j * depth);
                var to = c + (i * cStride) + j;
                var width = Math.Min(TTile.Width, columns - j);
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
