using System.Runtime.Intrinsics;

namespace AttnCrnn.Kernels;

/// <summary>
/// The matrix product of float32 in three forms. Every element is one chain of fused multiply-adds in the order of k, from 0 or from what
/// stands in c: the same bits for any tile, vector width, number of threads and neighbours.
/// </summary>
/// <remarks>
/// Goto and van de Geijn 2008 ("Anatomy of high-performance matrix multiplication"): b is packed into panels as wide as a tile, k is cut
/// so that a panel stays in the first cache. Left sides are read where they lie; a transposed one is packed, since its tile's rows are columns.
/// </remarks>
internal static class MatrixProduct
{
    /// <summary>c = a b, or c += a b.</summary>
    /// <param name="a">[m, k]; its rows may overlap.</param>
    /// <param name="b">[k, n].</param>
    /// <param name="c">[m, n]; must not overlap a or b.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void Multiply(Rows a, Rows b, Rows c, bool accumulate = false) =>
        Run(null, new(Form.Plain, a, b, c, accumulate, a.Count, b.Width, a.Width, b.Count));

    /// <summary>c = a b, or c += a b, shared by workers.</summary>
    public static void Multiply(Workers workers, Rows a, Rows b, Rows c, bool accumulate = false) =>
        Run(workers, new(Form.Plain, a, b, c, accumulate, a.Count, b.Width, a.Width, b.Count));

    /// <summary>c = aᵀ b, or c += aᵀ b: the gradient of weights.</summary>
    /// <param name="a">[k, m].</param>
    /// <param name="b">[k, n].</param>
    /// <param name="c">[m, n]; must not overlap a or b.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void MultiplyTransposedLeft(Rows a, Rows b, Rows c, bool accumulate = false) =>
        Run(null, new(Form.TransposedLeft, a, b, c, accumulate, a.Width, b.Width, a.Count, b.Count));

    /// <summary>c = aᵀ b, or c += aᵀ b, shared by workers.</summary>
    public static void MultiplyTransposedLeft(Workers workers, Rows a, Rows b, Rows c, bool accumulate = false) =>
        Run(workers, new(Form.TransposedLeft, a, b, c, accumulate, a.Width, b.Width, a.Count, b.Count));

    /// <summary>c = a bᵀ, or c += a bᵀ: the gradient of inputs.</summary>
    /// <param name="a">[m, k]; its rows may overlap.</param>
    /// <param name="b">[n, k].</param>
    /// <param name="c">[m, n]; must not overlap a or b.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void MultiplyTransposedRight(Rows a, Rows b, Rows c, bool accumulate = false) =>
        Run(null, new(Form.TransposedRight, a, b, c, accumulate, a.Count, b.Count, a.Width, b.Width));

    /// <summary>c = a bᵀ, or c += a bᵀ, shared by workers.</summary>
    public static void MultiplyTransposedRight(Workers workers, Rows a, Rows b, Rows c, bool accumulate = false) =>
        Run(workers, new(Form.TransposedRight, a, b, c, accumulate, a.Count, b.Count, a.Width, b.Width));

    /// <summary>c = a b, or c += a b, with some of the columns of a right side that is packed.</summary>
    /// <param name="a">[m, k].</param>
    /// <param name="firstColumn">A multiple of the panel's width: c's first column is this one of b.</param>
    /// <param name="c">[m, n]; must not overlap a.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static unsafe void Multiply(Rows a, PackedRight b, int firstColumn, Rows c, bool accumulate = false)
    {
        CheckPacked(a.Count, a.Width, b, 0, firstColumn, c);
        if (a.Width != b.Depth) throw new ArgumentException($"the left side has {a.Width} terms an element, the packed right side {b.Depth}");
        var scratch = ProductScratch.OfThisThread;
        for (var block = 0; block < b.Blocks; block++)
        {
            var left = a.Start + (block * PackedRight.DepthOfBlock);
            var panels = b.Panel(block, firstColumn);
            var (depth, fresh) = (b.DepthOf(block), block == 0 && !accumulate);
            if (Vector512.IsHardwareAccelerated) ProductSweep<Tile512>.Rows(scratch, left, a.Stride, a.Count, panels, c.Width, depth, c.Start, c.Stride, fresh);
            else if (Vector256.IsHardwareAccelerated) ProductSweep<Tile256>.Rows(scratch, left, a.Stride, a.Count, panels, c.Width, depth, c.Start, c.Stride, fresh);
            else ProductSweep<Tile128>.Rows(scratch, left, a.Stride, a.Count, panels, c.Width, depth, c.Start, c.Stride, fresh);
        }
    }

    /// <summary>c = aᵀ b, or c += aᵀ b, with some of the columns of a right side that is packed.</summary>
    /// <param name="a">[k, m].</param>
    /// <param name="firstColumn">A multiple of the panel's width: c's first column is this one of b.</param>
    /// <param name="c">[m, n]; must not overlap a.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void MultiplyTransposedLeft(Rows a, PackedRight b, int firstColumn, Rows c, bool accumulate = false) =>
        MultiplyTransposedLeft(a, b, 0, firstColumn, c, accumulate);

    /// <summary>The same with some of the rows of b: blocks of <see cref="PackedRight.DepthOfBlock"/>, the last of which may be smaller.</summary>
    /// <param name="a">[k, m], the left side's rows from <paramref name="firstRow"/> on.</param>
    public static unsafe void MultiplyTransposedLeft(Rows a, PackedRight b, int firstRow, int firstColumn, Rows c, bool accumulate = false)
    {
        CheckPacked(a.Width, a.Count, b, firstRow, firstColumn, c);
        var scratch = ProductScratch.OfThisThread;
        for (int at = 0, block = firstRow / PackedRight.DepthOfBlock; at < a.Count; at += PackedRight.DepthOfBlock, block++)
        {
            var left = a.Start + (at * (nint)a.Stride);
            var panels = b.Panel(block, firstColumn);
            var (depth, fresh) = (b.DepthOf(block), at == 0 && !accumulate);
            if (Vector512.IsHardwareAccelerated) ProductSweep<Tile512>.Transposed(scratch, left, a.Stride, a.Width, panels, c.Width, depth, c.Start, c.Stride, fresh);
            else if (Vector256.IsHardwareAccelerated) ProductSweep<Tile256>.Transposed(scratch, left, a.Stride, a.Width, panels, c.Width, depth, c.Start, c.Stride, fresh);
            else ProductSweep<Tile128>.Transposed(scratch, left, a.Stride, a.Width, panels, c.Width, depth, c.Start, c.Stride, fresh);
        }
    }

    /// <summary>Which tile this machine's products use, for reports: AVX-512, AVX2 or 128-bit vectors.</summary>
    public static string TileName =>
        Vector512.IsHardwareAccelerated ? "AVX-512" : Vector256.IsHardwareAccelerated ? "AVX2" : "128-bit vectors";

    /// <summary>The product by the tile of 128-bit vectors, whatever the machine has: for tests.</summary>
    internal static void MultiplyPortably(Rows a, Rows b, Rows c) =>
        RunWith<Tile128>(null, Checked(new(Form.Plain, a, b, c, false, a.Count, b.Width, a.Width, b.Count)));

    /// <summary>The product by the tile of 256-bit vectors, whatever the machine has: for tests.</summary>
    internal static void MultiplyWithAvx2(Rows a, Rows b, Rows c) =>
        RunWith<Tile256>(null, Checked(new(Form.Plain, a, b, c, false, a.Count, b.Width, a.Width, b.Count)));

    internal enum Form
    {
        Plain,
        TransposedLeft,
        TransposedRight,
    }

    /// <summary>One product: c[m, n] from k terms an element.</summary>
    internal readonly record struct Product(Form Form, Rows A, Rows B, Rows C, bool Accumulate, int M, int N, int K, int OtherK);

    private static void Run(Workers? workers, Product product)
    {
        Checked(product);
        if (Vector512.IsHardwareAccelerated) RunWith<Tile512>(workers, product);
        else if (Vector256.IsHardwareAccelerated) RunWith<Tile256>(workers, product);
        else RunWith<Tile128>(workers, product);
    }

    private static void RunWith<TTile>(Workers? workers, in Product product) where TTile : ITile
    {
        if (product.M == 0 || product.N == 0) return;
        ProductJob<TTile>.OfThisThread.Run(workers, product);
    }

    private static Product Checked(Product product)
    {
        var (m, n, k) = (product.M, product.N, product.K);
        if (product.OtherK != k) throw new ArgumentException($"the left side has {k} terms an element, the right side {product.OtherK}");
        if (product.C.Count != m || product.C.Width != n)
            throw new ArgumentException($"the result is [{product.C.Count}, {product.C.Width}], expected [{m}, {n}]");
        if (product.C.Stride < product.C.Width && product.C.Count > 1) throw new ArgumentException("the result's rows overlap");
        return product;
    }

    private static void CheckPacked(int m, int k, PackedRight b, int firstRow, int firstColumn, Rows c)
    {
        if (k == 0 || firstRow < 0 || firstRow % PackedRight.DepthOfBlock != 0 || firstRow + k > b.Depth || (k % PackedRight.DepthOfBlock != 0 && firstRow + k != b.Depth))
            throw new ArgumentException($"terms {firstRow} to {firstRow + k} of {b.Depth}: expected whole blocks of {PackedRight.DepthOfBlock}");
        if (firstColumn < 0 || firstColumn % PackedRight.PanelWidth != 0 || firstColumn > b.Columns - c.Width)
            throw new ArgumentException($"columns {firstColumn} to {firstColumn + c.Width} of {b.Columns}: expected from a multiple of {PackedRight.PanelWidth}");
        if (c.Count != m) throw new ArgumentException($"the result has {c.Count} rows, expected {m}");
    }
}
