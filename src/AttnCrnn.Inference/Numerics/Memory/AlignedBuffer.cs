using System.Runtime.InteropServices;

namespace AttnCrnn.Numerics.Memory;

/// <summary>
/// Zero-initialized unmanaged float32 memory, aligned to a cache line. Views (<see cref="MatrixView"/>) are valid until
/// it is disposed; the creator of the buffer must keep it alive.
/// </summary>
internal sealed unsafe class AlignedBuffer : IDisposable
{
    private const nuint CacheLine = 64;

    private float* start;

    /// <param name="length">Floats, 0 to 2147483647.</param>
    /// <exception cref="OutOfMemoryException">The memory is not available.</exception>
    public AlignedBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        var bytes = Math.Max(CacheLine, (nuint)length * sizeof(float));
        start = (float*)NativeMemory.AlignedAlloc(bytes, CacheLine);
        NativeMemory.Clear(start, bytes);
        GC.AddMemoryPressure((long)bytes);
    }

    /// <summary>Replaces a buffer by a larger one if it is too short; the values are not kept.</summary>
    /// <returns>The buffer.</returns>
    public static AlignedBuffer Grow(ref AlignedBuffer buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer.Dispose();
            buffer = new AlignedBuffer(length);
        }
        return buffer;
    }

    /// <summary>Length in floats.</summary>
    public int Length { get; }

    /// <summary>Address of the first float.</summary>
    internal float* Start
    {
        get
        {
            ObjectDisposedException.ThrowIf(start == null, this);
            return start;
        }
    }

    /// <summary>All floats of the buffer.</summary>
    public Span<float> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(start == null, this);
            return new(start, Length);
        }
    }

    /// <summary>A matrix view into the buffer.</summary>
    /// <param name="offset">Start of row 0, in floats.</param>
    /// <param name="count">Rows.</param>
    /// <param name="width">Floats per row.</param>
    /// <param name="stride">Floats from the start of one row to the next; default: the width. Rows overlap if it is
    /// less.</param>
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

    /// <summary>Sets all floats to zero.</summary>
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
