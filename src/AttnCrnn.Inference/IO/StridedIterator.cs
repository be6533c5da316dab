namespace AttnCrnn.IO;

/// <summary>
/// Iterates over a strided tensor in memory order, with each element's memory position and its row-major position.
/// </summary>
internal sealed class StridedIterator
{
    private readonly long[] sizes; // of dimensions with more than one element, largest stride first
    private readonly long[] strides; // in memory
    private readonly long[] steps; // in row-major order
    private readonly long[] index;

    public StridedIterator(IReadOnlyList<long> shape, IReadOnlyList<long> strides)
    {
        var rowMajor = new long[shape.Count];
        for (long axis = shape.Count - 1, step = 1; axis >= 0; step *= shape[(int)axis], axis--)
            rowMajor[axis] = step;
        var order = Enumerable
            .Range(0, shape.Count)
            .Where(axis => shape[axis] > 1)
            .OrderByDescending(axis => strides[axis])
            .ToArray();
        sizes = [.. order.Select(axis => shape[axis])];
        this.strides = [.. order.Select(axis => strides[axis])];
        steps = [.. order.Select(axis => rowMajor[axis])];
        index = new long[order.Length];
        Extent = 1 + order.Sum(axis => (shape[axis] - 1) * strides[axis]);
    }

    /// <summary>Number of elements from the first to the last in memory, inclusive.</summary>
    public long Extent { get; }

    /// <summary>Memory position of the current element, in elements from the first.</summary>
    public long MemoryIndex { get; private set; }

    /// <summary>Row-major position of the current element.</summary>
    public long RowMajorIndex { get; private set; }

    public void MoveNext()
    {
        for (var axis = sizes.Length - 1; axis >= 0; axis--)
        {
            if (++index[axis] < sizes[axis])
            {
                MemoryIndex += strides[axis];
                RowMajorIndex += steps[axis];
                return;
            }
            MemoryIndex -= strides[axis] * (sizes[axis] - 1);
            RowMajorIndex -= steps[axis] * (sizes[axis] - 1);
            index[axis] = 0;
        }
    }
}
