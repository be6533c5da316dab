namespace AttnCrnn.Formats.PyTorch;

/// <summary>
/// A dict or OrderedDict of a pickle. Entries whose keys are not strings are omitted: a state dict has none, only the
/// optimizer's state of a training checkpoint has, which is not needed.
/// </summary>
internal sealed class PickleDict : Dictionary<string, object?>
{
    /// <summary>Byte offset after the first entry whose key is not a string; null if there is none.</summary>
    public long? OtherKeyOffset { get; set; }

    public PickleDict()
        : base(StringComparer.Ordinal) { }
}

/// <summary>A list of a pickle.</summary>
internal sealed class PickleList : List<object?>;

/// <summary>A tuple of a pickle.</summary>
internal sealed class PickleTuple(object?[] items)
{
    public object?[] Items { get; } = items;
}

/// <summary>A Python name that tensors need; only compared, never resolved or called.</summary>
/// <param name="Name">Fully qualified name.</param>
/// <param name="ElementType">Element type of a storage class; otherwise null.</param>
internal sealed record PickleGlobal(string Name, string? ElementType = null);

/// <summary>A contiguous block of elements in the file; tensors are views of it.</summary>
/// <param name="Key">Key of the bytes: N in <c>data/N</c>, or a key in the legacy format's list.</param>
/// <param name="Type">Element type by its safetensors name.</param>
/// <param name="First">Index of the first element within <paramref name="Key"/>.</param>
/// <param name="Count">Number of elements.</param>
internal sealed record TorchStorage(string Key, string Type, long First, long Count);

/// <summary>A tensor: a view of a storage.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="First">Index of the first element within the storage's key.</param>
/// <param name="Shape">Size of each dimension.</param>
/// <param name="Strides">Stride of each dimension in elements; null if row-major.</param>
internal sealed record TorchTensor(TorchStorage Storage, long First, long[] Shape, long[]? Strides)
{
    public long Count => Shape.Contains(0) ? 0 : Shape.Aggregate(1L, (product, size) => product * size);
}
