namespace AttnCrnn.Numerics.Memory;

/// <summary>
/// A view of a [count, width] matrix in an <see cref="AlignedBuffer"/>, valid until the buffer is disposed.
/// </summary>
internal readonly unsafe struct MatrixView
{
    internal MatrixView(float* start, int count, int width, int stride)
    {
        Start = start;
        Count = count;
        Width = width;
        Stride = stride;
    }

    internal readonly float* Start;

    /// <summary>Rows.</summary>
    public int Count { get; }

    /// <summary>Floats per row.</summary>
    public int Width { get; }

    /// <summary>Floats from the start of one row to the next.</summary>
    public int Stride { get; }

    /// <summary>One row, [width].</summary>
    public Span<float> this[int row]
    {
        get
        {
            if ((uint)row >= (uint)Count)
                throw new ArgumentOutOfRangeException(nameof(row), $"row {row} of {Count}");
            return new(Start + ((nint)row * Stride), Width);
        }
    }

    /// <summary>All floats, row by row; only if rows are contiguous.</summary>
    public Span<float> Span =>
        Stride == Width || Count < 2
            ? new(Start, checked(Count * Width))
            : throw new InvalidOperationException($"rows of {Width} with stride {Stride} are not contiguous");

    /// <summary>A range of rows.</summary>
    public MatrixView Slice(int first, int count)
    {
        if (first < 0 || count < 0 || first > Count - count)
            throw new ArgumentOutOfRangeException(nameof(count), $"rows {first} to {first + count} of {Count}");
        return new(Start + ((nint)first * Stride), count, Width, Stride);
    }

    /// <summary>A range of columns.</summary>
    public MatrixView SliceColumns(int first, int width)
    {
        if (first < 0 || width < 0 || first > Width - width)
            throw new ArgumentOutOfRangeException(nameof(width), $"columns {first} to {first + width} of {Width}");
        return new(Start + first, Count, width, Stride);
    }

    /// <summary>Sets every row to zero.</summary>
    public void Clear()
    {
        for (var row = 0; row < Count; row++)
            this[row].Clear();
    }

    /// <summary>Copies every row to another matrix of the same size.</summary>
    public void CopyTo(MatrixView destination)
    {
        if (destination.Count != Count || destination.Width != Width)
            throw new ArgumentException(
                $"[{Count}, {Width}] does not fit [{destination.Count}, {destination.Width}]",
                nameof(destination)
            );
        for (var row = 0; row < Count; row++)
            this[row].CopyTo(destination[row]);
    }
}
