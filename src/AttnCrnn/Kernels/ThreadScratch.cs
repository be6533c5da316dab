using System.Diagnostics.CodeAnalysis;

namespace AttnCrnn.Kernels;

/// <summary>What a thread needs while it works on a task: it grows to the largest seen and is kept. One task has one of each at a time.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A thread's own; freed by the buffers' finalisers when the thread is gone.")]
internal sealed class ThreadScratch
{
    [ThreadStatic]
    private static ThreadScratch? ofThisThread;

    private FloatBuffer inputs = new(0), products = new(0), work = new(0), row = new(0);
    private PackedRight[] rights = [];
    private PackedLeft left = new(0, 0, PackedRight.DepthOfBlock);

    public static ThreadScratch OfThisThread => ofThisThread ??= new();

    /// <summary>For D of some tiles.</summary>
    public Planes Inputs(int tiles, int width) => new(Grown(ref inputs, Planes.Length(tiles, width)), tiles, width);

    /// <summary>For M of some tiles.</summary>
    public Planes Products(int tiles, int filters) => new(Grown(ref products, Planes.Length(tiles, filters)), tiles, filters);

    /// <summary>For D of some tiles, as right sides.</summary>
    public PackedRight[] Rights(int depth, int columns)
    {
        if (rights.Length > 0 && rights[0].Fits(depth, columns)) return rights;
        foreach (var one in rights) one.Dispose();
        rights = new PackedRight[Planes.Count];
        for (var e = 0; e < rights.Length; e++) rights[e] = new PackedRight(depth, columns, e); // no lambda: its closure would be made at each call
        return rights;
    }

    /// <summary>A left side to be written, of one block.</summary>
    public PackedLeft Left(int columns)
    {
        if (left.Fits(PackedRight.DepthOfBlock, columns)) return left;
        left.Dispose();
        return left = new PackedLeft(PackedRight.DepthOfBlock, columns, PackedRight.DepthOfBlock);
    }

    /// <summary>A matrix to work in.</summary>
    public Rows Work(int rows, int width) => Grown(ref work, rows * width).Rows(0, rows, width);

    /// <summary>A row for what is nowhere: written to, and not looked at.</summary>
    public Rows Row(int width) => Grown(ref row, width).Rows(0, 1, width);

    private static FloatBuffer Grown(ref FloatBuffer buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer.Dispose();
            buffer = new FloatBuffer(length);
        }
        return buffer;
    }
}
