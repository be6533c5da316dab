namespace AttnCrnn.Formats.PyTorch;

/// <summary>A dictionary or OrderedDict of a pickle; keys are texts, as in every state dict.</summary>
internal sealed class PickleDict : Dictionary<string, object?>
{
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

/// <summary>A Python name that tensors need. It is a word here: nothing is looked up or called by it.</summary>
/// <param name="ElementType">For a storage's class, the type of its elements; else null.</param>
internal sealed record PickleGlobal(string Name, string? ElementType = null);

/// <summary>A run of numbers in the file that tensors are views of.</summary>
/// <param name="Key">Where the bytes are: the number in <c>data/N</c>, or a place in the legacy form's list.</param>
/// <param name="First">The first element, counted within what <paramref name="Key"/> names.</param>
/// <param name="Count">Elements.</param>
internal sealed record TorchStorage(string Key, string Type, long First, long Count);

/// <summary>A tensor as PyTorch rebuilds it.</summary>
/// <param name="First">The first element, counted within what the storage's key names.</param>
/// <param name="Strides">Elements between neighbours of each dimension; null where row-major.</param>
internal sealed record TorchTensor(TorchStorage Storage, long First, long[] Shape, long[]? Strides)
{
    public long Count => Shape.Contains(0) ? 0 : Shape.Aggregate(1L, (product, size) => product * size);
}
