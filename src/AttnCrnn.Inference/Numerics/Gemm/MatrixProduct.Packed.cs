using System.Runtime.Intrinsics;
using AttnCrnn.Numerics.Gemm.Tiles;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Numerics.Gemm;

/// <remarks>Products with packed operands.</remarks>
internal static partial class MatrixProduct
{
    /// <summary>c = a b, or c += a b, with a block of a packed right operand.</summary>
    /// <param name="a">[m, k].</param>
    /// <param name="firstRow">A multiple of <see cref="PackedRight.DepthOfBlock"/>: the row of b that corresponds to
    /// the first column of a. The columns of a must cover whole blocks, or reach the last row.</param>
    /// <param name="firstColumn">A multiple of the panel width: the column of b that corresponds to the first column of
    /// c.</param>
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
        RequirePackedShapes(a.Count, a.Width, b, firstRow, firstColumn, c);
        MultiplyAddCount += (long)a.Count * a.Width * c.Width;
        var scratch = ProductScratch.ForThisThread;
        for (
            int column = 0, block = firstRow / PackedRight.DepthOfBlock;
            column < a.Width;
            column += PackedRight.DepthOfBlock, block++
        )
        {
            var left = a.Start + column;
            var panels = b.GetPanel(block, firstColumn);
            var stride = b.GetPanelStride(block * PackedRight.DepthOfBlock);
            var depth = b.GetBlockDepth(block);
            var overwrite = column == 0 && !accumulate;
            if (Vector512.IsHardwareAccelerated)
                ProductSweep<Tile512>.MultiplyRows(
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
                    overwrite
                );
            else if (Vector256.IsHardwareAccelerated)
                ProductSweep<Tile256>.MultiplyRows(
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
                    overwrite
                );
            else
                ProductSweep<Tile128>.MultiplyRows(
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
                    overwrite
                );
        }
    }

    /// <summary>c = a b, or c += a b, with a packed right operand.</summary>
    public static void Multiply(MatrixView a, PackedRight b, MatrixView c, bool accumulate = false)
    {
        if (a.Width != b.Depth)
            throw new ArgumentException(
                $"the left operand has {a.Width} columns, the packed right operand {b.Depth} rows"
            );
        Multiply(a, b, 0, 0, c, accumulate);
    }

    /// <summary>
    /// c = aᵀ b, or c += aᵀ b, with one block of a packed right operand and the same rows of a packed left operand.
    /// </summary>
    /// <param name="firstTerm">The row of a that corresponds to the first row of the block.</param>
    /// <param name="firstColumn">The column of a that corresponds to the first row of c; a multiple of the panel
    /// height.</param>
    /// <param name="firstRow">The first row of the block in b; a multiple of
    /// <see cref="PackedRight.DepthOfBlock"/>.</param>
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
            || block >= b.BlockCount
            || !a.IsOneBlock(firstTerm, b.GetBlockDepth(block))
        )
            throw new ArgumentException(
                $"rows from {firstTerm} of {a.Depth} do not match one block of rows from {firstRow} of {b.Depth}"
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
        MultiplyAddCount += (long)c.Count * c.Width * b.GetBlockDepth(block);
        var scratch = ProductScratch.ForThisThread;
        var depth = b.GetBlockDepth(block);
        var aStride = a.PanelStride;
        var bStride = b.GetPanelStride(firstRow);
        float* left = a.GetPanel(firstColumn, firstTerm),
            right = b.GetPanel(block, 0);
        if (Vector512.IsHardwareAccelerated)
            ProductSweep<Tile512>.MultiplyPacked(
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
            ProductSweep<Tile256>.MultiplyPacked(
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
            ProductSweep<Tile128>.MultiplyPacked(
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

    private static void RequirePackedShapes(int m, int k, PackedRight b, int firstRow, int firstColumn, MatrixView c)
    {
        if (
            k == 0
            || firstRow < 0
            || firstRow % PackedRight.DepthOfBlock != 0
            || firstRow + k > b.Depth
            || (k % PackedRight.DepthOfBlock != 0 && firstRow + k != b.Depth)
        )
            throw new ArgumentException(
                $"rows {firstRow} to {firstRow + k} of {b.Depth}: expected whole blocks of {PackedRight.DepthOfBlock}"
            );
        if (firstColumn < 0 || firstColumn % PackedRight.PanelWidth != 0 || firstColumn > b.Columns - c.Width)
            throw new ArgumentException(
                $"columns {firstColumn} to {firstColumn + c.Width} of {b.Columns}: "
                    + $"expected to start at a multiple of {PackedRight.PanelWidth}"
            );
        if (c.Count != m)
            throw new ArgumentException($"the result has {c.Count} rows, expected {m}");
    }
}
