using System.Diagnostics.CodeAnalysis;
using AttnCrnn.Numerics.Convolution;
using AttnCrnn.Numerics.Gemm;

namespace AttnCrnn.Numerics.Memory;

/// <summary>
/// Per-thread scratch memory for one task; grows to the largest task and is reused. A task must
/// not use a buffer for two purposes at a time.
/// </summary>
[SuppressMessage(
    "Design",
    "CA1001:Types that own disposable fields should be disposable",
    Justification = "Thread-static; freed by the buffers' finalizers after the thread has ended."
)]
internal sealed class ThreadScratch
{
    [ThreadStatic]
    private static ThreadScratch? threadInstance;

    private AlignedBuffer inputs = new(0);
    private AlignedBuffer products = new(0);
    private AlignedBuffer matrix = new(0);
    private AlignedBuffer rows = new(0);
    private AlignedBuffer unreadRow = new(0);
    private PackedRight[] packedRights = [];
    private PackedLeft packedLeft = new(0, 0, PackedRight.DepthOfBlock);

    public static ThreadScratch ForThisThread => threadInstance ??= new();

    /// <summary>Memory for D of some tiles.</summary>
    public Planes GetInputs(int tiles, int width) =>
        new(AlignedBuffer.Grow(ref inputs, Planes.CountFloats(tiles, width)), tiles, width);

    /// <summary>Memory for M of some tiles.</summary>
    public Planes GetProducts(int tiles, int filters) =>
        new(AlignedBuffer.Grow(ref products, Planes.CountFloats(tiles, filters)), tiles, filters);

    /// <summary>Memory for D of some tiles, packed as right operands.</summary>
    public PackedRight[] GetPackedRights(int depth, int columns)
    {
        if (packedRights.Length > 0 && packedRights[0].Fits(depth, columns))
            return packedRights;
        foreach (var operand in packedRights)
            operand.Dispose();
        packedRights = new PackedRight[Planes.Count];
        for (var e = 0; e < packedRights.Length; e++)
            packedRights[e] = new PackedRight(depth, columns, e); // no lambda: it would allocate a closure per call
        return packedRights;
    }

    /// <summary>A packed left operand of one block.</summary>
    public PackedLeft GetPackedLeft(int columns)
    {
        if (packedLeft.Fits(PackedRight.DepthOfBlock, columns))
            return packedLeft;
        packedLeft.Dispose();
        return packedLeft = new PackedLeft(PackedRight.DepthOfBlock, columns, PackedRight.DepthOfBlock);
    }

    /// <summary>A scratch matrix.</summary>
    public MatrixView GetMatrix(int rows, int width) =>
        AlignedBuffer.Grow(ref matrix, rows * width).Rows(0, rows, width);

    /// <summary>A scratch matrix beside that of <see cref="GetMatrix"/>.</summary>
    public MatrixView GetRows(int count, int width) =>
        AlignedBuffer.Grow(ref rows, count * width).Rows(0, count, width);

    /// <summary>A row to write values to that are not needed, for positions outside a clip.</summary>
    public MatrixView GetUnreadRow(int width) => AlignedBuffer.Grow(ref unreadRow, width).Rows(0, 1, width);
}
