using AttnCrnn.IO;

namespace AttnCrnn.Formats.Checkpoints;

/// <summary>One tensor of a checkpoint, and where it stands.</summary>
/// <param name="Type">F32, F16, BF16, F64, I64 and so on, by safetensors' names, whatever the file's form.</param>
/// <param name="Shape">Elements a dimension; empty for a single number.</param>
/// <param name="File">The full path of the file, no part of it a link: what may be mapped.</param>
/// <param name="Offset">The first element's byte, counted from the start of that file.</param>
/// <param name="Bytes">Of all elements.</param>
/// <param name="IsContiguous">
/// Whether the elements stand in row-major order from <paramref name="Offset"/> on. Those of a transposed or sliced PyTorch tensor do not:
/// <see cref="CheckpointFiles.Read"/> puts them in order, and they cannot be mapped.
/// </param>
internal sealed record CheckpointTensor(
    string Name,
    string Type,
    IReadOnlyList<long> Shape,
    string File,
    long Offset,
    long Bytes,
    bool IsContiguous
)
{
    /// <summary>Elements.</summary>
    public long Count => Bytes / ElementTypes.Bytes(Type);

    /// <summary>Elements between neighbours of each dimension; null where contiguous.</summary>
    internal IReadOnlyList<long>? Strides { get; init; }
}
