using System.Diagnostics.CodeAnalysis;
using AttnCrnn.Numerics.Convolution;
using AttnCrnn.Numerics.Gemm;

namespace AttnCrnn.Numerics.Memory;

/// <summary>
/// Per-thread scratch memory for one task; grows to the largest task and is reused. A task uses each buffer once at a
/// time.
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
    private AlignedBuffer work = new(0);
    private AlignedBuffer row = new(0);
    private PackedRight[] rights = [];
    private PackedLeft left = new(0, 0, PackedRight.DepthOfBlock);

    public static ThreadScratch ForThisThread => threadInstance ??= new();

    /// <summary>Memory for D of some tiles.</summary>
    public Planes Inputs(int tiles, int width) => new(Grow(ref inputs, Planes.Length(tiles, width)), tiles, width);

    /// <summary>Memory for M of some tiles.</summary>
    public Planes Products(int tiles, int filters) =>
        new(Grow(ref products, Planes.Length(tiles, filters)), tiles, filters);

    /// <summary>Memory for D of some tiles, packed as right operands.</summary>
    public PackedRight[] Rights(int depth, int columns)
    {
        if (rights.Length > 0 && rights[0].Fits(depth, columns))
            return rights;
        foreach (var right in rights)
            right.Dispose();
        rights = new PackedRight[Planes.Count];
        for (var e = 0; e < rights.Length; e++)
            rights[e] = new PackedRight(depth, columns, e); // no lambda: it would allocate a closure per call
        return rights;
    }

    /// <summary>A packed left operand of one block.</summary>
    public PackedLeft Left(int columns)
    {
        if (left.Fits(PackedRight.DepthOfBlock, columns))
            return left;
        left.Dispose();
        return left = new PackedLeft(PackedRight.DepthOfBlock, columns, PackedRight.DepthOfBlock);
    }

    /// <summary>A scratch matrix.</summary>
    public MatrixView Work(int rows, int width) => Grow(ref work, rows * width).Rows(0, rows, width);

    /// <summary>A row that is written for positions outside a clip and never read.</summary>
    public MatrixView Row(int width) => Grow(ref row, width).Rows(0, 1, width);

    private static AlignedBuffer Grow(ref AlignedBuffer buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer.Dispose();
            buffer = new AlignedBuffer(length);
        }
        return buffer;
    }
}
