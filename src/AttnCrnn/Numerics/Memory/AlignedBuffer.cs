using System.Runtime.InteropServices;

namespace AttnCrnn.Numerics.Memory;

/// <summary>
/// Zeroed float32 memory outside the collector's reach, aligned to a cache line, so that a vector never straddles two. Views of it
/// (<see cref="MatrixView"/>) are valid until it is disposed: whoever makes the buffer keeps it.
/// </summary>
internal sealed unsafe class AlignedBuffer : IDisposable
{
    private const nuint CacheLine = 64;

    private float* start;

    /// <param name="length">Floats, 0 to 2147483647.</param>
    /// <exception cref="OutOfMemoryException">There is not that much memory.</exception>
    public AlignedBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        var bytes = Math.Max(CacheLine, (nuint)length * sizeof(float));
        start = (float*)NativeMemory.AlignedAlloc(bytes, CacheLine);
        NativeMemory.Clear(start, bytes);
        GC.AddMemoryPressure((long)bytes);
    }

    /// <summary>Floats.</summary>
    public int Length { get; }

    /// <summary>Where it lies.</summary>
    internal float* Start
    {
        get
        {
            ObjectDisposedException.ThrowIf(start == null, this);
            return start;
        }
    }

    /// <summary>All of it.</summary>
    public Span<float> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(start == null, this);
            return new(start, Length);
        }
    }

    /// <summary>A matrix in it.</summary>
    /// <param name="offset">Where row 0 begins, in floats.</param>
    /// <param name="count">Rows.</param>
    /// <param name="width">Floats a row.</param>
    /// <param name="stride">Floats from one row's beginning to the next; the width where not given. Less than the width: rows overlap.</param>
    /// <exception cref="ArgumentOutOfRangeException">The matrix reaches outside the buffer.</exception>
    public MatrixView Rows(int offset, int count, int width, int? stride = null)
    {
        ObjectDisposedException.ThrowIf(start == null, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        var step = stride ?? width;
        ArgumentOutOfRangeException.ThrowIfNegative(step, nameof(stride));
        var end = count == 0 ? offset : offset + ((count - 1L) * step) + width;
        if (end > Length)
            throw new ArgumentOutOfRangeException(
                nameof(count),
                $"{count} rows of {width} from {offset} end at {end}, past {Length}"
            );
        return new(start + offset, count, width, step);
    }

    /// <summary>Zeros everywhere.</summary>
    public void Clear() => Span.Clear();

    /// <summary>Frees the memory; every view of it is then invalid.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    ~AlignedBuffer() => Free();

    private void Free()
    {
        if (start == null)
            return;
        NativeMemory.AlignedFree(start);
        start = null;
        GC.RemoveMemoryPressure(Math.Max((long)CacheLine, (long)Length * sizeof(float)));
    }
}
