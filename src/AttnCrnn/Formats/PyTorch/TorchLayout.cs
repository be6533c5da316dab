namespace AttnCrnn.Formats.PyTorch;

/// <summary>Where a tensor's elements lie in its storage, checked: within it, and each in its own place.</summary>
internal static class TorchLayout
{
    private const int MaxDimensions = 64; // PyTorch's own limit

    /// <param name="first">The first element, counted within the storage.</param>
    /// <param name="strides">Elements between neighbours of each dimension.</param>
    public static TorchTensor Tensor(TorchStorage storage, long first, long[] shape, long[] strides, PickleBytes at)
    {
        if (shape.Length != strides.Length || shape.Length > MaxDimensions)
            throw at.Error(
                $"a tensor of {shape.Length} dimensions with {strides.Length} strides",
                $"as many of both, at most {MaxDimensions}"
            );
        var extent = shape.Contains(0) ? 0 : Extent(shape, strides, at);
        if (Array.Exists(shape, size => size < 0) || first < 0 || first + extent > storage.Count)
            throw at.Error(
                $"a tensor of [{string.Join(", ", shape)}] with strides [{string.Join(", ", strides)}] from element {first} on",
                $"one within its storage of {storage.Count} elements"
            );
        return new(storage, storage.First + first, shape, extent == 0 || IsRowMajor(shape, strides) ? null : strides);
    }

    /// <summary>Elements from the first to the last, both counted. So no more elements than that: a small file cannot claim a large tensor.</summary>
    private static Int128 Extent(long[] shape, long[] strides, PickleBytes at)
    {
        Int128 extent = 1;
        foreach (var (size, stride) in shape.Zip(strides).Where(axis => axis.First > 1).OrderBy(axis => axis.Second))
        {
            if (stride < extent)
                throw at.Error(
                    $"a tensor of [{string.Join(", ", shape)}] with strides [{string.Join(", ", strides)}], whose elements share places",
                    "each element in its own",
                    "save it again after tensor.contiguous()"
                );
            extent += (Int128)(size - 1) * stride;
            if (extent > long.MaxValue)
                return extent; // past the end of any storage
        }
        return extent;
    }

    private static bool IsRowMajor(long[] shape, long[] strides)
    {
        var expected = 1L;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            if (shape[axis] == 1)
                continue; // never stepped over
            if (strides[axis] != expected)
                return false;
            expected *= shape[axis];
        }
        return true;
    }
}
