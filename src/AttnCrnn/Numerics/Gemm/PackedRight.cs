using System.Runtime.Intrinsics;
using AttnCrnn.Numerics.Gemm.Tiles;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Numerics.Gemm;

/// <summary>
/// The right operand of products, packed once for all products and tasks that use it. It is split along k into blocks,
/// each block into panels as wide as a tile, with contiguous rows: a tile reads one sequential stream that stays in the
/// L1 or L2 cache.
/// </summary>
internal sealed unsafe class PackedRight : PackedOperand
{
    /// <summary>Rows per block: 32 KB for a panel of 32 columns.</summary>
    public const int DepthOfBlock = 256;

    /// <param name="maxDepth">Maximum number of rows.</param>
    /// <param name="maxColumns">Maximum number of columns.</param>
    /// <param name="number">Index among operands that are written in parallel; each starts at a different cache
    /// set.</param>
    public PackedRight(int maxDepth, int maxColumns, int number = 0)
        : base(CountFloats(maxDepth, maxColumns), number) { }

    /// <summary>Columns per panel: the width of this machine's tile.</summary>
    public static int PanelWidth { get; } =
        Vector512.IsHardwareAccelerated ? Tile512.Width
        : Vector256.IsHardwareAccelerated ? Tile256.Width
        : Tile128.Width;

    /// <summary>Packs a matrix, [depth, columns].</summary>
    public void Pack(MatrixView b)
    {
        Shape(b.Count, b.Width);
        for (var block = 0; block < Blocks; block++)
        for (var column = 0; column < Columns; column += PanelWidth)
            Packing.Panel(
                b.Start + ((nint)block * DepthOfBlock * b.Stride) + column,
                b.Stride,
                DepthOf(block),
                Math.Min(PanelWidth, Columns - column),
                PanelWidth,
                Panel(block, column)
            );
    }

    /// <summary>Packs a transposed matrix, [columns, depth].</summary>
    public void PackTransposed(MatrixView b)
    {
        Shape(b.Width, b.Count);
        for (var block = 0; block < Blocks; block++)
        for (var column = 0; column < Columns; column += PanelWidth)
            Packing.TransposedPanel(
                b.Start + ((nint)column * b.Stride) + (block * DepthOfBlock),
                b.Stride,
                DepthOf(block),
                Math.Min(PanelWidth, Columns - column),
                PanelWidth,
                Panel(block, column)
            );
    }

    /// <summary>Number of blocks along k.</summary>
    internal int Blocks => (Depth + DepthOfBlock - 1) / DepthOfBlock;

    /// <summary>Rows of a block.</summary>
    internal int DepthOf(int block) => Math.Min(DepthOfBlock, Depth - (block * DepthOfBlock));

    /// <summary>
    /// The panel that starts at a column (a multiple of the panel width) in a block: [rows of the block, panel width].
    /// </summary>
    internal float* Panel(int block, int column) =>
        Start
        + ((nint)block * Panels(Columns) * StrideOf(DepthOfBlock))
        + (column / PanelWidth * StrideOf(DepthOf(block)));

    /// <summary>
    /// Row k in the first panel, to be written after <see cref="PackedOperand.Shape"/>; the padding columns are zero.
    /// The row continues <see cref="PanelStride"/> floats further in the next panel.
    /// </summary>
    internal float* Row(int k) => Panel(k / DepthOfBlock, 0) + ((nint)(k % DepthOfBlock) * PanelWidth);

    /// <summary>Floats from one panel to the next in the block that holds row k.</summary>
    internal nint PanelStride(int k) => StrideOf(DepthOf(k / DepthOfBlock));

    protected override long Length(int depth, int columns) => CountFloats(depth, columns);

    private static long CountFloats(int depth, int columns) =>
        Panels(columns)
        * (((long)depth * PanelWidth) + ((depth + DepthOfBlock - 1) / DepthOfBlock * (long)Packing.Gap));

    private static int Panels(int columns) => (columns + PanelWidth - 1) / PanelWidth;

    private static nint StrideOf(int depth) => ((nint)depth * PanelWidth) + Packing.Gap;
}
