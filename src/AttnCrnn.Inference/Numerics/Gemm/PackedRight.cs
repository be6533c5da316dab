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
    /// <param name="index">Index among operands that are written in parallel; each starts at a different cache
    /// set.</param>
    public PackedRight(int maxDepth, int maxColumns, int index = 0)
        : base(CountFloats(maxDepth, maxColumns), index) { }

    /// <summary>Columns per panel: the width of this machine's tile.</summary>
    public static int PanelWidth { get; } =
        Vector512.IsHardwareAccelerated ? Tile512.Width
        : Vector256.IsHardwareAccelerated ? Tile256.Width
        : Tile128.Width;

    /// <summary>Packs a matrix, [depth, columns].</summary>
    public void Pack(MatrixView b)
    {
        Resize(b.Count, b.Width);
        for (var block = 0; block < BlockCount; block++)
        for (var column = 0; column < Columns; column += PanelWidth)
            Packing.PackPanel(
                b.Start + ((nint)block * DepthOfBlock * b.Stride) + column,
                b.Stride,
                GetBlockDepth(block),
                Math.Min(PanelWidth, Columns - column),
                PanelWidth,
                GetPanel(block, column)
            );
    }

    /// <summary>Packs a transposed matrix, [columns, depth].</summary>
    public void PackTransposed(MatrixView b)
    {
        Resize(b.Width, b.Count);
        for (var block = 0; block < BlockCount; block++)
        for (var column = 0; column < Columns; column += PanelWidth)
            Packing.PackTransposedPanel(
                b.Start + ((nint)column * b.Stride) + (block * DepthOfBlock),
                b.Stride,
                GetBlockDepth(block),
                Math.Min(PanelWidth, Columns - column),
                PanelWidth,
                GetPanel(block, column)
            );
    }

    /// <summary>Number of blocks along k.</summary>
    internal int BlockCount => (Depth + DepthOfBlock - 1) / DepthOfBlock;

    /// <summary>Rows of a block.</summary>
    internal int GetBlockDepth(int block) => Math.Min(DepthOfBlock, Depth - (block * DepthOfBlock));

    /// <summary>
    /// The panel that starts at a column (a multiple of the panel width) in a block: [rows of the block, panel width].
    /// </summary>
    internal float* GetPanel(int block, int column) =>
        Start
        + ((nint)block * CountPanels(Columns) * ComputePanelStride(DepthOfBlock))
        + (column / PanelWidth * ComputePanelStride(GetBlockDepth(block)));

    /// <summary>
    /// Row k in the first panel, to be written after <see cref="PackedOperand.Resize"/>; the padding columns are zero.
    /// The row continues <see cref="GetPanelStride"/> floats further in the next panel.
    /// </summary>
    internal float* GetRow(int k) => GetPanel(k / DepthOfBlock, 0) + ((nint)(k % DepthOfBlock) * PanelWidth);

    /// <summary>Floats from one panel to the next in the block that holds row k.</summary>
    internal nint GetPanelStride(int k) => ComputePanelStride(GetBlockDepth(k / DepthOfBlock));

    protected override long GetLength(int depth, int columns) => CountFloats(depth, columns);

    private static long CountFloats(int depth, int columns) =>
        CountPanels(columns)
        * (((long)depth * PanelWidth) + ((depth + DepthOfBlock - 1) / DepthOfBlock * (long)Packing.Gap));

    private static int CountPanels(int columns) => (columns + PanelWidth - 1) / PanelWidth;

    private static nint ComputePanelStride(int depth) => ((nint)depth * PanelWidth) + Packing.Gap;
}
