using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Numerics.Gemm;

/// <summary>A copy of an operand [k, columns] in the layout that a tile reads.</summary>
internal abstract unsafe class PackedOperand : IDisposable
{
    // Distance in floats between the first panels of consecutive operands, so that they map to different L1 cache sets.
    private const int CacheSetOffset = 5 * Packing.Gap;

    private readonly AlignedBuffer buffer;
    private readonly int start;

    /// <param name="length">Floats of the largest matrix.</param>
    /// <param name="index">Index among operands that are written in parallel; each starts at a different cache
    /// set.</param>
    protected PackedOperand(long length, int index)
    {
        start = index * CacheSetOffset;
        buffer = new AlignedBuffer(checked((int)(start + length)));
    }

    /// <summary>Rows, k.</summary>
    public int Depth { get; private set; }

    /// <summary>Columns: m of a left operand, n of a right one.</summary>
    public int Columns { get; private set; }

    /// <summary>The first panel.</summary>
    protected float* Start => buffer.Start + start;

    /// <summary>Sets the size of the matrix to be written.</summary>
    public void Resize(int depth, int columns)
    {
        if (!Fits(depth, columns))
            throw new ArgumentException($"[{depth}, {columns}] does not fit the {buffer.Length} floats of the buffer");
        Depth = depth;
        Columns = columns;
    }

    /// <summary>Whether a matrix of this size fits the buffer.</summary>
    public bool Fits(int depth, int columns) => start + GetLength(depth, columns) <= buffer.Length;

    public void Dispose() => buffer.Dispose();

    /// <summary>Floats that a matrix of this size takes.</summary>
    protected abstract long GetLength(int depth, int columns);
}
