using System.Diagnostics.CodeAnalysis;
using AttnCrnn.Numerics.Convolution;
using AttnCrnn.Numerics.Gemm;

namespace AttnCrnn.Numerics.Memory;

/// <summary>What a thread needs while it works on a task: it grows to the largest seen and is kept. One task has one of each at a time.</summary>
[SuppressMessage(
    "Design",
    "CA1001:Types that own disposable fields should be disposable",
    Justification = "A thread's own; freed by the buffers' finalisers when the thread is gone."
)]
internal sealed class ThreadScratch
{
    [ThreadStatic]
    private static ThreadScratch? ofThisThread;

    private AlignedBuffer inputs = new(0),
        products = new(0),
        work = new(0),
        row = new(0);
    private PackedRight[] rights = [];
    private PackedLeft left = new(0, 0, PackedRight.DepthOfBlock);

    public static ThreadScratch ForThisThread => ofThisThread ??= new();

    /// <summary>For D of some tiles.</summary>
    public Planes Inputs(int tiles, int width) => new(Grow(ref inputs, Planes.Length(tiles, width)), tiles, width);

    /// <summary>For M of some tiles.</summary>
    public Planes Products(int tiles, int filters) =>
        new(Grow(ref products, Planes.Length(tiles, filters)), tiles, filters);

    /// <summary>For D of some tiles, as right sides.</summary>
    public PackedRight[] Rights(int depth, int columns)
    {
        if (rights.Length > 0 && rights[0].Fits(depth, columns))
            return rights;
        foreach (var one in rights)
            one.Dispose();
        rights = new PackedRight[Planes.Count];
        for (var e = 0; e < rights.Length; e++)
            rights[e] = new PackedRight(depth, columns, e); // no lambda: its closure would be made at each call
        return rights;
    }

    /// <summary>A left side to be written, of one block.</summary>
    public PackedLeft Left(int columns)
    {
        if (left.Fits(PackedRight.DepthOfBlock, columns))
            return left;
        left.Dispose();
        return left = new PackedLeft(PackedRight.DepthOfBlock, columns, PackedRight.DepthOfBlock);
    }

    /// <summary>A matrix to work in.</summary>
    public MatrixView Work(int rows, int width) => Grow(ref work, rows * width).Rows(0, rows, width);

    /// <summary>A row for what is nowhere: written to, and not looked at.</summary>
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
