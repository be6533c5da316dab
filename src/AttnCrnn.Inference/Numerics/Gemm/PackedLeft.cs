using System.Runtime.Intrinsics;
using AttnCrnn.Numerics.Gemm.Tiles;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Numerics.Gemm;

/// <summary>
/// The transposed left operand of a product, laid out as a tile reads it: [k, m] is split along k into blocks, each
/// block into panels as high as a tile, with contiguous rows. Written while its source is still cached.
/// </summary>
internal sealed unsafe class PackedLeft : PackedOperand
{
    private const int PanelsPerPass = 4;

    private readonly int depthOfBlock;

    /// <param name="maxDepth">Maximum number of rows.</param>
    /// <param name="maxColumns">Maximum number of columns.</param>
    /// <param name="depthOfBlock">Rows per block: one product reads one block.</param>
    /// <param name="index">Index among operands that are written in parallel; each starts at a different cache
    /// set.</param>
    public PackedLeft(int maxDepth, int maxColumns, int depthOfBlock, int index = 0)
        : base(CountFloats(maxDepth, maxColumns, depthOfBlock), index) => this.depthOfBlock = depthOfBlock;

    /// <summary>Columns per panel: the height of this machine's tile.</summary>
    public static int PanelHeight { get; } =
        Vector512.IsHardwareAccelerated ? Tile512.Height
        : Vector256.IsHardwareAccelerated ? Tile256.Height
        : Tile128.Height;

    /// <summary>
    /// Writes a range of rows within one block, with the width set by <see cref="PackedOperand.Resize"/>.
    /// </summary>
    /// <remarks>Panel by panel, so that writes are sequential.</remarks>
    public void SetRows(int first, MatrixView rows)
    {
        if (rows.Width != Columns || !IsOneBlock(first, rows.Count))
            throw new ArgumentException(
                $"rows {first} to {first + rows.Count} of {rows.Width} columns do not "
                    + $"fit one block of [{Depth}, {Columns}]"
            );
        for (var column = 0; column < Columns; column += PanelHeight)
            Packing.PackPanel(
                rows.Start + column,
                rows.Stride,
                rows.Count,
                Math.Min(PanelHeight, Columns - column),
                PanelHeight,
                GetPanel(column, first)
            );
    }

    /// <summary>
    /// Writes every row: row k = x[rows[k]] ∘ masks[maskRows[k]]; zeros if rows[k] is -1; without masks, row k =
    /// x[rows[k]].
    /// </summary>
    /// <param name="x">[any, columns].</param>
    /// <param name="rows">[depth], row indices into x.</param>
    /// <param name="masks">[any, columns], or empty.</param>
    /// <param name="maskRows">[depth], row indices into the masks.</param>
    public void SetMaskedRows(MatrixView x, ReadOnlySpan<int> rows, MatrixView masks, ReadOnlySpan<int> maskRows)
    {
        if (
            x.Width != Columns
            || rows.Length != Depth
            || (masks.Count > 0 && (masks.Width != Columns || maskRows.Length != Depth))
        )
            throw new ArgumentException(
                $"{rows.Length} rows of {x.Width} with {maskRows.Length} masks of {masks.Width} "
                    + $"do not fit [{Depth}, {Columns}]"
            );
        if (!IsOneBlock(0, Depth))
            throw new InvalidOperationException($"{Depth} rows span more than one block of {depthOfBlock}");
        // Several panels per pass, so that the addresses of a row and its mask are computed once for all of them.
        for (var column = 0; column < Columns; column += PanelsPerPass * PanelHeight)
        for (var k = 0; k < rows.Length; k++)
        {
            var source = rows[k] < 0 ? null : x.Start + ((nint)rows[k] * x.Stride) + column;
            var mask = masks.Count == 0 ? null : masks.Start + ((nint)maskRows[k] * masks.Stride) + column;
            SetMaskedRow(source, mask, GetPanel(column, k), Math.Min(PanelsPerPass * PanelHeight, Columns - column));
        }
    }

    /// <summary>Adds every row to the sums of the columns, in row order.</summary>
    /// <param name="sums">[columns].</param>
    public void AddRows(Span<double> sums)
    {
        Span<double> panelSums = stackalloc double[PanelHeight];
        for (var column = 0; column < Columns; column += PanelHeight)
        {
            var width = Math.Min(PanelHeight, Columns - column);
            panelSums.Clear();
            sums.Slice(column, width).CopyTo(panelSums);
            for (var k = 0; k < Depth; k++)
            {
                var row = GetPanel(column, k);
                for (var i = 0; i < panelSums.Length; i++)
                    panelSums[i] += row[i];
            }
            panelSums[..width].CopyTo(sums[column..]);
        }
    }

    /// <summary>Whether rows k to k + rows - 1 are in one block.</summary>
    internal bool IsOneBlock(int k, int rows) =>
        k >= 0 && k + rows <= Depth && k / depthOfBlock == (k + rows - 1) / depthOfBlock;

    /// <summary>The panel that starts at a column, from row k on.</summary>
    internal float* GetPanel(int column, int k) =>
        Start
        + (k / depthOfBlock * ComputeBlockStride(Columns, depthOfBlock))
        + (column / PanelHeight * PanelStride)
        + (k % depthOfBlock * PanelHeight);

    /// <summary>Floats from one panel to the next in a block.</summary>
    internal nint PanelStride => ComputePanelStride(depthOfBlock);

    protected override long GetLength(int depth, int columns) => CountFloats(depth, columns, depthOfBlock);

    private void SetMaskedRow(float* source, float* mask, float* destination, int width)
    {
        for (
            ;
            width > 0;
            width -= PanelHeight,
                source = source == null ? null : source + PanelHeight,
                mask = mask == null ? null : mask + PanelHeight,
                destination += PanelStride
        )
        {
            if (source == null)
                new Span<float>(destination, PanelHeight).Clear();
            else if (PanelHeight == 8 && width >= 8)
                (mask == null ? Vector256.Load(source) : Vector256.Load(source) * Vector256.Load(mask)).Store(
                    destination
                );
            else
                for (var i = 0; i < PanelHeight; i++)
                    destination[i] = i < width ? source[i] * (mask == null ? 1 : mask[i]) : 0;
        }
    }

    private static nint ComputePanelStride(int depthOfBlock) => ((nint)depthOfBlock * PanelHeight) + Packing.Gap;

    private static nint ComputeBlockStride(int columns, int depthOfBlock) =>
        (columns + PanelHeight - 1) / PanelHeight * ComputePanelStride(depthOfBlock);

    private static long CountFloats(int depth, int columns, int depthOfBlock) =>
        (depth + depthOfBlock - 1) / depthOfBlock * (long)ComputeBlockStride(columns, depthOfBlock);
}
