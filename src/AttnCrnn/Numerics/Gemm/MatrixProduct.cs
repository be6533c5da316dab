using System.Runtime.Intrinsics;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Numerics.Gemm;

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
    public static void Multiply(MatrixView a, MatrixView b, MatrixView c, bool accumulate = false) =>
        Run(null, new(Form.Plain, a, b, c, accumulate, a.Count, b.Width, a.Width, b.Count));

    /// <summary>c = a b, or c += a b, shared by workers.</summary>
    public static void Multiply(
        WorkerPool workers,
        MatrixView a,
        MatrixView b,
        MatrixView c,
        bool accumulate = false
    ) => Run(workers, new(Form.Plain, a, b, c, accumulate, a.Count, b.Width, a.Width, b.Count));

    /// <summary>c = aᵀ b, or c += aᵀ b: the gradient of weights.</summary>
    /// <param name="a">[k, m].</param>
    /// <param name="b">[k, n].</param>
    /// <param name="c">[m, n]; must not overlap a or b.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void MultiplyTransposedLeft(MatrixView a, MatrixView b, MatrixView c, bool accumulate = false) =>
        Run(null, new(Form.TransposedLeft, a, b, c, accumulate, a.Width, b.Width, a.Count, b.Count));

    /// <summary>c = aᵀ b, or c += aᵀ b, shared by workers.</summary>
    public static void MultiplyTransposedLeft(
        WorkerPool workers,
        MatrixView a,
        MatrixView b,
        MatrixView c,
        bool accumulate = false
    ) => Run(workers, new(Form.TransposedLeft, a, b, c, accumulate, a.Width, b.Width, a.Count, b.Count));

    /// <summary>c = a bᵀ, or c += a bᵀ: the gradient of inputs.</summary>
    /// <param name="a">[m, k]; its rows may overlap.</param>
    /// <param name="b">[n, k].</param>
    /// <param name="c">[m, n]; must not overlap a or b.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void MultiplyTransposedRight(MatrixView a, MatrixView b, MatrixView c, bool accumulate = false) =>
        Run(null, new(Form.TransposedRight, a, b, c, accumulate, a.Count, b.Count, a.Width, b.Width));

    /// <summary>c = a bᵀ, or c += a bᵀ, shared by workers.</summary>
    public static void MultiplyTransposedRight(
        WorkerPool workers,
        MatrixView a,
        MatrixView b,
        MatrixView c,
        bool accumulate = false
    ) => Run(workers, new(Form.TransposedRight, a, b, c, accumulate, a.Count, b.Count, a.Width, b.Width));

    /// <summary>c = a b, or c += a b, with some of a right side that is packed.</summary>
    /// <param name="a">[m, k].</param>
    /// <param name="firstRow">A multiple of <see cref="PackedRight.DepthOfBlock"/>: a's first column is this row of b; so many as a has columns are
    /// whole blocks, or the last ones.</param>
    /// <param name="firstColumn">A multiple of the panel's width: c's first column is this one of b.</param>
    /// <param name="c">[m, n]; must not overlap a.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static unsafe void Multiply(
        MatrixView a,
        PackedRight b,
        int firstRow,
        int firstColumn,
        MatrixView c,
        bool accumulate = false
    )
    {
        CheckPacked(a.Count, a.Width, b, firstRow, firstColumn, c);
        Counted += (long)a.Count * a.Width * c.Width;
        var scratch = ProductScratch.ForThisThread;
        for (
            int at = 0, block = firstRow / PackedRight.DepthOfBlock;
            at < a.Width;
            at += PackedRight.DepthOfBlock, block++
        )
        {
            var left = a.Start + at;
            var panels = b.Panel(block, firstColumn);
            var stride = b.PanelStride(block * PackedRight.DepthOfBlock);
            var (depth, fresh) = (b.DepthOf(block), at == 0 && !accumulate);
            if (Vector512.IsHardwareAccelerated)
                ProductSweep<Tile512>.Rows(
                    scratch,
                    left,
                    a.Stride,
                    a.Count,
                    panels,
                    stride,
                    c.Width,
                    depth,
                    c.Start,
                    c.Stride,
                    fresh
                );
            else if (Vector256.IsHardwareAccelerated)
                ProductSweep<Tile256>.Rows(
                    scratch,
                    left,
                    a.Stride,
                    a.Count,
                    panels,
                    stride,
                    c.Width,
                    depth,
                    c.Start,
                    c.Stride,
                    fresh
                );
            else
                ProductSweep<Tile128>.Rows(
                    scratch,
                    left,
                    a.Stride,
                    a.Count,
                    panels,
                    stride,
                    c.Width,
                    depth,
                    c.Start,
                    c.Stride,
                    fresh
                );
        }
    }

    /// <summary>c = a b, or c += a b, with a right side that is packed.</summary>
    public static void Multiply(MatrixView a, PackedRight b, MatrixView c, bool accumulate = false)
    {
        if (a.Width != b.Depth)
            throw new ArgumentException(
                $"the left side has {a.Width} terms an element, the packed right side {b.Depth}"
            );
        Multiply(a, b, 0, 0, c, accumulate);
    }

    /// <summary>c = aᵀ b, or c += aᵀ b, with one block of a right side that is packed and as many rows of a left side that is.</summary>
    /// <param name="firstTerm">The row of a that stands beside the block's first.</param>
    /// <param name="firstColumn">The column of a that makes c's first row, a multiple of the panel's height.</param>
    /// <param name="firstRow">The block's first row of b, a multiple of <see cref="PackedRight.DepthOfBlock"/>.</param>
    /// <param name="c">[m, n]; must not overlap a or b.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static unsafe void Multiply(
        PackedLeft a,
        int firstTerm,
        int firstColumn,
        PackedRight b,
        int firstRow,
        MatrixView c,
        bool accumulate = false
    )
    {
        var block = firstRow / PackedRight.DepthOfBlock;
        if (
            firstRow % PackedRight.DepthOfBlock != 0
            || block < 0
            || block >= b.Blocks
            || !a.IsOneBlock(firstTerm, b.DepthOf(block))
        )
            throw new ArgumentException(
                $"terms from {firstTerm} of {a.Depth} beside rows from {firstRow} of {b.Depth}"
            );
        if (
            firstColumn < 0
            || firstColumn % PackedLeft.PanelHeight != 0
            || firstColumn + c.Count > a.Columns
            || c.Width != b.Columns
        )
            throw new ArgumentException(
                $"the result is [{c.Count}, {c.Width}], expected up to [{a.Columns - firstColumn}, {b.Columns}]"
            );
        Counted += (long)c.Count * c.Width * b.DepthOf(block);
        var scratch = ProductScratch.ForThisThread;
        var (depth, aStride, bStride) = (b.DepthOf(block), a.PanelStride, b.PanelStride(firstRow));
        float* left = a.Panel(firstColumn, firstTerm),
            right = b.Panel(block, 0);
        if (Vector512.IsHardwareAccelerated)
            ProductSweep<Tile512>.Packed(
                scratch,
                left,
                aStride,
                c.Count,
                right,
                bStride,
                c.Width,
                depth,
                c.Start,
                c.Stride,
                !accumulate
            );
        else if (Vector256.IsHardwareAccelerated)
            ProductSweep<Tile256>.Packed(
                scratch,
                left,
                aStride,
                c.Count,
                right,
                bStride,
                c.Width,
                depth,
                c.Start,
                c.Stride,
                !accumulate
            );
        else
            ProductSweep<Tile128>.Packed(
                scratch,
                left,
                aStride,
                c.Count,
                right,
                bStride,
                c.Width,
                depth,
                c.Start,
                c.Stride,
                !accumulate
            );
    }

    /// <summary>Multiply-adds that this thread has made in products, ever: what the bench weighs tasks by.</summary>
    [ThreadStatic]
    internal static long Counted;

    /// <summary>Which tile this machine's products use, for reports: AVX-512, AVX2 or 128-bit vectors.</summary>
    public static string TileName =>
        Vector512.IsHardwareAccelerated ? "AVX-512"
        : Vector256.IsHardwareAccelerated ? "AVX2"
        : "128-bit vectors";

    /// <summary>The product by the tile of 128-bit vectors, whatever the machine has: for tests.</summary>
    internal static void MultiplyPortably(MatrixView a, MatrixView b, MatrixView c) =>
        RunWith<Tile128>(null, Checked(new(Form.Plain, a, b, c, false, a.Count, b.Width, a.Width, b.Count)));

    /// <summary>The product by the tile of 256-bit vectors, whatever the machine has: for tests.</summary>
    internal static void MultiplyWithAvx2(MatrixView a, MatrixView b, MatrixView c) =>
        RunWith<Tile256>(null, Checked(new(Form.Plain, a, b, c, false, a.Count, b.Width, a.Width, b.Count)));

    internal enum Form
    {
        Plain,
        TransposedLeft,
        TransposedRight,
    }

    /// <summary>One product: c[m, n] from k terms an element.</summary>
    internal readonly record struct Product(
        Form Form,
        MatrixView A,
        MatrixView B,
        MatrixView C,
        bool Accumulate,
        int M,
        int N,
        int K,
        int OtherK
    );

    private static void Run(WorkerPool? workers, Product product)
    {
        Checked(product);
        if (Vector512.IsHardwareAccelerated)
            RunWith<Tile512>(workers, product);
        else if (Vector256.IsHardwareAccelerated)
            RunWith<Tile256>(workers, product);
        else
            RunWith<Tile128>(workers, product);
    }

    private static void RunWith<TTile>(WorkerPool? workers, in Product product)
        where TTile : ITile
    {
        if (product.M == 0 || product.N == 0)
            return;
        ProductJob<TTile>.ForThisThread.Run(workers, product);
    }

    private static Product Checked(Product product)
    {
        var (m, n, k) = (product.M, product.N, product.K);
        if (product.OtherK != k)
            throw new ArgumentException($"the left side has {k} terms an element, the right side {product.OtherK}");
        if (product.C.Count != m || product.C.Width != n)
            throw new ArgumentException($"the result is [{product.C.Count}, {product.C.Width}], expected [{m}, {n}]");
        if (product.C.Stride < product.C.Width && product.C.Count > 1)
            throw new ArgumentException("the result's rows overlap");
        return product;
    }

    private static void CheckPacked(int m, int k, PackedRight b, int firstRow, int firstColumn, MatrixView c)
    {
        if (
            k == 0
            || firstRow < 0
            || firstRow % PackedRight.DepthOfBlock != 0
            || firstRow + k > b.Depth
            || (k % PackedRight.DepthOfBlock != 0 && firstRow + k != b.Depth)
        )
            throw new ArgumentException(
                $"terms {firstRow} to {firstRow + k} of {b.Depth}: expected whole blocks of {PackedRight.DepthOfBlock}"
            );
        if (firstColumn < 0 || firstColumn % PackedRight.PanelWidth != 0 || firstColumn > b.Columns - c.Width)
            throw new ArgumentException(
                $"columns {firstColumn} to {firstColumn + c.Width} of {b.Columns}: expected from a multiple of {PackedRight.PanelWidth}"
            );
        if (c.Count != m)
            throw new ArgumentException($"the result has {c.Count} rows, expected {m}");
    }
}
