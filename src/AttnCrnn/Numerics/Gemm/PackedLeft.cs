using System.Runtime.Intrinsics;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Numerics.Gemm;

/// <summary>
/// The left side of a product, turned over, as a tile reads it: [k, m] cut along k into blocks, each block into panels as high as a tile, a panel's rows
/// end to end. Written while what it holds is still in a near cache.
/// </summary>
internal sealed unsafe class PackedLeft : IDisposable
{
    private const int PanelsAtOnce = 4;

    private readonly AlignedBuffer buffer;
    private readonly int start,
        depthOfBlock;

    /// <param name="mostDepth">The most rows it will hold.</param>
    /// <param name="mostColumns">The most columns it will hold.</param>
    /// <param name="depthOfBlock">Rows that one product takes: they lie near each other.</param>
    /// <param name="number">Of several that are written side by side: they begin on different sets of the cache.</param>
    public PackedLeft(int mostDepth, int mostColumns, int depthOfBlock, int number = 0)
    {
        this.depthOfBlock = depthOfBlock;
        start = number * 5 * Packing.Gap;
        buffer = new AlignedBuffer(checked((int)(start + Length(mostDepth, mostColumns))));
    }

    /// <summary>Columns of a panel, which are rows of a tile: those of this machine's.</summary>
    public static int PanelHeight { get; } =
        Vector512.IsHardwareAccelerated ? Tile512.Height
        : Vector256.IsHardwareAccelerated ? Tile256.Height
        : Tile128.Height;

    /// <summary>k.</summary>
    public int Depth { get; private set; }

    /// <summary>m.</summary>
    public int Columns { get; private set; }

    /// <summary>Says how large the matrix is that will be written.</summary>
    public void Shape(int depth, int columns)
    {
        if (!Fits(depth, columns))
            throw new ArgumentException(
                $"[{depth}, {columns}] does not fit the {buffer.Length} floats that this was made for"
            );
        (Depth, Columns) = (depth, columns);
    }

    /// <summary>Whether there is memory for such a matrix.</summary>
    public bool Fits(int depth, int columns) => start + Length(depth, columns) <= buffer.Length;

    /// <summary>Writes some rows, of as many columns as <see cref="Shape"/> said; they lie in one block.</summary>
    /// <remarks>Panel by panel, so that what is written is one stream.</remarks>
    public void SetRows(int first, MatrixView rows)
    {
        if (rows.Width != Columns || !IsOneBlock(first, rows.Count))
            throw new ArgumentException(
                $"rows {first} to {first + rows.Count} of {rows.Width} columns for [{Depth}, {Columns}]"
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

    /// <summary>Writes every row: row k = x[rows[k]] ∘ masks[maskOf[k]]; zeros where a row is -1, no mask where there are none.</summary>
    /// <param name="x">[any, columns].</param>
    /// <param name="rows">[depth], which row of x.</param>
    /// <param name="masks">[any, columns], or no rows.</param>
    /// <param name="maskOf">[depth], which mask.</param>
    public void SetProducts(MatrixView x, ReadOnlySpan<int> rows, MatrixView masks, ReadOnlySpan<int> maskOf)
    {
        if (
            x.Width != Columns
            || rows.Length != Depth
            || (masks.Count > 0 && (masks.Width != Columns || maskOf.Length != Depth))
        )
            throw new ArgumentException(
                $"{rows.Length} rows of {x.Width} with {maskOf.Length} masks of {masks.Width} for [{Depth}, {Columns}]"
            );
        if (!IsOneBlock(0, Depth))
            throw new InvalidOperationException("more than one block");
        // A few panels side by side, so that where a row and its mask lie is found once for all of them.
        for (var column = 0; column < Columns; column += PanelsAtOnce * PanelHeight)
        for (var k = 0; k < rows.Length; k++)
        {
            var from = rows[k] < 0 ? null : x.Start + ((nint)rows[k] * x.Stride) + column;
            var mask = masks.Count == 0 ? null : masks.Start + ((nint)maskOf[k] * masks.Stride) + column;
            SetProduct(from, mask, Panel(column, k), Math.Min(PanelsAtOnce * PanelHeight, Columns - column));
        }
    }

    /// <summary>Σ over the rows of each column, in float64 in their order.</summary>
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

    public void Dispose() => buffer.Dispose();

    /// <summary>Whether so many rows from one on lie in one block.</summary>
    internal bool IsOneBlock(int k, int rows) =>
        k >= 0 && k + rows <= Depth && k / depthOfBlock == (k + rows - 1) / depthOfBlock;

    /// <summary>The panel that begins with a column, from a row on.</summary>
    internal float* Panel(int column, int k) =>
        buffer.Start
        + start
        + (k / depthOfBlock * BlockStride(Columns))
        + (column / PanelHeight * PanelStride)
        + (k % depthOfBlock * PanelHeight);

    /// <summary>Floats from a panel to the next of its block.</summary>
    internal nint PanelStride => ((nint)depthOfBlock * PanelHeight) + Packing.Gap;

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

    private nint BlockStride(int columns) => (columns + PanelHeight - 1) / PanelHeight * PanelStride;

    private long Length(int depth, int columns) =>
        (depth + depthOfBlock - 1) / depthOfBlock * (long)BlockStride(columns);
}
