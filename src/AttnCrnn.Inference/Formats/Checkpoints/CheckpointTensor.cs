using AttnCrnn.IO;

namespace AttnCrnn.Formats.Checkpoints;

/// <summary>One tensor of a checkpoint and its location.</summary>
/// <param name="Name">Tensor name.</param>
/// <param name="Type">Element type by its safetensors name, for any file format: F32, F16, BF16, F64, I64, ….</param>
/// <param name="Shape">Size of each dimension; empty for a scalar.</param>
/// <param name="File">Full path of the file with links resolved, suitable for memory mapping.</param>
/// <param name="Offset">File offset of the first element.</param>
/// <param name="Bytes">Size of all elements in bytes.</param>
/// <param name="IsContiguous">
/// Whether the elements are contiguous in row-major order. Transposed or sliced PyTorch tensors are not: they cannot be
/// mapped, and <see cref="CheckpointFiles.Read"/> reorders them.
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
    /// <summary>Number of elements.</summary>
    public long Count => Bytes / ElementTypes.GetByteSize(Type);

    /// <summary>Stride of each dimension in elements; null if contiguous.</summary>
    internal IReadOnlyList<long>? Strides { get; init; }
}
