using System.Runtime.Intrinsics;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Numerics.Gemm;

/// <summary>
/// The right side of products, packed once for as many products and tasks as use it. It is cut along k into blocks, each block into panels as
/// wide as a tile, and a panel's rows lie end to end: what a tile reads is one stream that stays in the first or second cache.
/// </summary>
internal sealed unsafe class PackedRight : IDisposable
{
    /// <summary>Rows of a block: with a panel of 32 columns 32 KB.</summary>
    public const int DepthOfBlock = 256;

    private readonly AlignedBuffer buffer;
    private readonly int start;

    /// <param name="mostDepth">The most rows it will hold.</param>
    /// <param name="mostColumns">The most columns it will hold.</param>
    /// <param name="number">Of several that are written side by side: they begin on different sets of the cache.</param>
    public PackedRight(int mostDepth, int mostColumns, int number = 0)
    {
        start = number * 5 * Packing.Gap;
        buffer = new AlignedBuffer(checked((int)(start + Length(mostDepth, mostColumns))));
    }

    /// <summary>Columns of a panel: those of this machine's tile.</summary>
    public static int PanelWidth { get; } =
        Vector512.IsHardwareAccelerated ? Tile512.Width
        : Vector256.IsHardwareAccelerated ? Tile256.Width
        : Tile128.Width;

    /// <summary>k.</summary>
    public int Depth { get; private set; }

    public int Columns { get; private set; }

    /// <summary>Says how large the matrix is that will be written row by row (<see cref="Row"/>); columns past its last are zeros.</summary>
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

    /// <summary>Packs a matrix that lies turned over, [columns, depth].</summary>
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

    public void Dispose() => buffer.Dispose();

    /// <summary>Blocks along k.</summary>
    internal int Blocks => (Depth + DepthOfBlock - 1) / DepthOfBlock;

    /// <summary>Rows of a block.</summary>
    internal int DepthOf(int block) => Math.Min(DepthOfBlock, Depth - (block * DepthOfBlock));

    /// <summary>The panel that holds a column, a multiple of the panel's width, in one block: [rows of the block, panel width].</summary>
    internal float* Panel(int block, int column) =>
        buffer.Start
        + start
        + ((nint)block * Panels(Columns) * StrideOf(DepthOfBlock))
        + ((nint)(column / PanelWidth) * StrideOf(DepthOf(block)));

    /// <summary>One row's part in the first panel; its part in the next one lies <see cref="PanelStride"/> further.</summary>
    internal float* Row(int k) => Panel(k / DepthOfBlock, 0) + ((nint)(k % DepthOfBlock) * PanelWidth);

    /// <summary>Floats from a panel to the next in the block that holds a row.</summary>
    internal nint PanelStride(int k) => StrideOf(DepthOf(k / DepthOfBlock));

    private static long Length(int depth, int columns) =>
        Panels(columns)
        * (((long)depth * PanelWidth) + ((depth + DepthOfBlock - 1) / DepthOfBlock * (long)Packing.Gap));

    private static int Panels(int columns) => (columns + PanelWidth - 1) / PanelWidth;

    private static nint StrideOf(int depth) => ((nint)depth * PanelWidth) + Packing.Gap;
}
