namespace AttnCrnn.Numerics.Threading;

/// <summary>
/// Blocks of a fixed size of one or more arrays of the same length, which threads process in any order.
/// </summary>
/// <param name="length">Length of the arrays.</param>
internal sealed class FloatBlocks(int length, WorkerPool workers)
{
    private const int Size = 1 << 16; // floats

    /// <summary>Number of blocks.</summary>
    public int Count => (length + Size - 1) / Size;

    /// <summary>Runs a task for every block.</summary>
    public void Run(Action<int> task) => workers.Run(Count, task);

    /// <summary>A block of an array.</summary>
    /// <param name="values">[at least length].</param>
    public Span<float> Slice(Span<float> values, int block)
    {
        var first = block * Size;
        return values.Slice(first, Math.Min(Size, length - first));
    }
}
