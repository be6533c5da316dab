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
    /// <param name="number">Index among operands that are written in parallel; each starts at a different cache
    /// set.</param>
    public PackedLeft(int maxDepth, int maxColumns, int depthOfBlock, int number = 0)
        : base(CountFloats(maxDepth, maxColumns, depthOfBlock), number) => this.depthOfBlock = depthOfBlock;

    /// <summary>Columns per panel: the height of this machine's tile.</summary>
    public static int PanelHeight { get; } =
        Vector512.IsHardwareAccelerated ? Tile512.Height
        : Vector256.IsHardwareAccelerated ? Tile256.Height
        : Tile128.Height;

    /// <summary>
    /// Writes a range of rows within one block; their width is that of the last <see cref="PackedOperand.Shape"/>.
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
            Packing.Panel(
                rows.Start + column,
                rows.Stride,
                rows.Count,
                Math.Min(PanelHeight, Columns - column),
                PanelHeight,
                Panel(column, first)
            );
    }

    /// <summary>
    /// Writes every row: row k = x[rows[k]] ∘ masks[maskOf[k]]; zeros if rows[k] is -1; without masks, row k =
    /// x[rows[k]].
    /// </summary>
    /// <param name="x">[any, columns].</param>
    /// <param name="rows">[depth], row indices into x.</param>
    /// <param name="masks">[any, columns], or empty.</param>
    /// <param name="maskOf">[depth], row indices into the masks.</param>
    public void SetProducts(MatrixView x, ReadOnlySpan<int> rows, MatrixView masks, ReadOnlySpan<int> maskOf)
    {
        if (
            x.Width != Columns
            || rows.Length != Depth
            || (masks.Count > 0 && (masks.Width != Columns || maskOf.Length != Depth))
        )
            throw new ArgumentException(
                $"{rows.Length} rows of {x.Width} with {maskOf.Length} masks of {masks.Width} "
                    + $"do not fit [{Depth}, {Columns}]"
            );
        if (!IsOneBlock(0, Depth))
            throw new InvalidOperationException($"{Depth} rows span more than one block of {depthOfBlock}");
        // Several panels per pass, so that the addresses of a row and its mask are computed once for all of them.
        for (var column = 0; column < Columns; column += PanelsPerPass * PanelHeight)
        for (var k = 0; k < rows.Length; k++)
        {
            var from = rows[k] < 0 ? null : x.Start + ((nint)rows[k] * x.Stride) + column;
            var mask = masks.Count == 0 ? null : masks.Start + ((nint)maskOf[k] * masks.Stride) + column;
            SetProduct(from, mask, Panel(column, k), Math.Min(PanelsPerPass * PanelHeight, Columns - column));
        }
    }

    /// <summary>Sums each column, in float64 in row order.</summary>
    /// <param name="to">[columns].</param>
    public void SumRows(Span<float> to)
    {
        Span<double> sums = stackalloc double[PanelHeight];
        for (var column = 0; column < Columns; column += PanelHeight)
        {
            sums.Clear();
            for (var k = 0; k < Depth; k++)
            {
                var row = Panel(column, k);
                for (var i = 0; i < sums.Length; i++)
                    sums[i] += row[i];
            }
            for (var i = 0; i < Math.Min(PanelHeight, Columns - column); i++)
                to[column + i] = (float)sums[i];
        }
    }

    /// <summary>Whether rows k to k + rows - 1 are in one block.</summary>
    internal bool IsOneBlock(int k, int rows) =>
        k >= 0 && k + rows <= Depth && k / depthOfBlock == (k + rows - 1) / depthOfBlock;

    /// <summary>The panel that starts at a column, from row k on.</summary>
    internal float* Panel(int column, int k) =>
        Start
        + (k / depthOfBlock * BlockStride(Columns, depthOfBlock))
        + (column / PanelHeight * PanelStride)
        + (k % depthOfBlock * PanelHeight);

    /// <summary>Floats from one panel to the next in a block.</summary>
    internal nint PanelStride => StrideOf(depthOfBlock);

    protected override long Length(int depth, int columns) => CountFloats(depth, columns, depthOfBlock);

    private void SetProduct(float* from, float* mask, float* to, int width)
    {
        for (
            ;
            width > 0;
            width -= PanelHeight,
                from = from == null ? null : from + PanelHeight,
                mask = mask == null ? null : mask + PanelHeight,
                to += PanelStride
        )
        {
            if (from == null)
                new Span<float>(to, PanelHeight).Clear();
            else if (PanelHeight == 8 && width >= 8)
                (mask == null ? Vector256.Load(from) : Vector256.Load(from) * Vector256.Load(mask)).Store(to);
            else
                for (var i = 0; i < PanelHeight; i++)
                    to[i] = i < width ? from[i] * (mask == null ? 1 : mask[i]) : 0;
        }
    }

    private static nint StrideOf(int depthOfBlock) => ((nint)depthOfBlock * PanelHeight) + Packing.Gap;

    private static nint BlockStride(int columns, int depthOfBlock) =>
        (columns + PanelHeight - 1) / PanelHeight * StrideOf(depthOfBlock);

    private static long CountFloats(int depth, int columns, int depthOfBlock) =>
        (depth + depthOfBlock - 1) / depthOfBlock * (long)BlockStride(columns, depthOfBlock);
}
