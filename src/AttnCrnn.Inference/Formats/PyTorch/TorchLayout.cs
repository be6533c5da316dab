namespace AttnCrnn.Formats.PyTorch;

/// <summary>Validates a tensor's layout: within its storage, without overlapping elements.</summary>
internal static class TorchLayout
{
    private const int MaxDimensions = 64; // PyTorch's limit

    /// <param name="storage">The storage.</param>
    /// <param name="first">Index of the first element within the storage.</param>
    /// <param name="shape">Size of each dimension.</param>
    /// <param name="strides">Stride of each dimension in elements.</param>
    /// <param name="position">Position, for messages.</param>
    public static TorchTensor CreateTensor(
        TorchStorage storage,
        long first,
        long[] shape,
        long[] strides,
        PickleBytes position
    )
    {
        if (shape.Length != strides.Length || shape.Length > MaxDimensions)
            throw position.Error(
                $"a tensor of {shape.Length} dimensions with {strides.Length} strides",
                $"equal numbers, at most {MaxDimensions}"
            );
        var extent = shape.Contains(0) ? 0 : ComputeExtent(shape, strides, position);
        if (Array.Exists(shape, size => size < 0) || first < 0 || first + extent > storage.Count)
            throw position.Error(
                $"{DescribeLayout(shape, strides)} from element {first}",
                $"one within its storage of {storage.Count} elements"
            );
        return new(storage, storage.First + first, shape, extent == 0 || IsRowMajor(shape, strides) ? null : strides);
    }

    // Number of elements from the first to the last, inclusive. Without overlap it bounds the number of elements, so
    // that a small file cannot declare a large tensor.
    private static Int128 ComputeExtent(long[] shape, long[] strides, PickleBytes position)
    {
        Int128 extent = 1;
        foreach (var (size, stride) in shape.Zip(strides).Where(axis => axis.First > 1).OrderBy(axis => axis.Second))
        {
            if (stride < extent)
                throw position.Error(
                    $"{DescribeLayout(shape, strides)}, whose elements overlap",
                    "elements that do not overlap",
                    "save it again after tensor.contiguous()"
                );
            extent += (Int128)(size - 1) * stride;
            if (extent > long.MaxValue)
                return extent; // larger than any storage
        }
        return extent;
    }

    private static string DescribeLayout(long[] shape, long[] strides) =>
        $"a tensor of [{string.Join(", ", shape)}] with strides [{string.Join(", ", strides)}]";

    private static bool IsRowMajor(long[] shape, long[] strides)
    {
        var expected = 1L;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            if (shape[axis] == 1)
                continue; // the stride is irrelevant
            if (strides[axis] != expected)
                return false;
            expected *= shape[axis];
        }
        return true;
    }
}
