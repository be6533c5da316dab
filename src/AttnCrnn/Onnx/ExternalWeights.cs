namespace AttnCrnn.Onnx;

/// <summary>A file beside a model that holds its large tensors (ONNX' external data): a model itself cannot have 2 GiB, and is read whole before anything runs.</summary>
/// <param name="stream">Where the file is written, from its beginning on.</param>
/// <param name="name">The file's name, in the model's own folder.</param>
internal sealed class ExternalWeights(Stream stream, string name)
{
    /// <summary>Smaller tensors stay in the model: runtimes look into shapes and axes before they run.</summary>
    public const int MinBytes = 1024;

    private const int Alignment = 4096; // a page, as onnx.proto advises, so that a tensor can be mapped as it lies

    private long position;

    public string Name => name;

    /// <summary>Writes one tensor.</summary>
    /// <returns>Where it begins in the file.</returns>
    public long Add(ReadOnlySpan<byte> bytes)
    {
        var offset = (position + Alignment - 1) / Alignment * Alignment;
        Span<byte> gap = stackalloc byte[Alignment];
        gap.Clear();
        stream.Write(gap[..(int)(offset - position)]);
        stream.Write(bytes);
        position = offset + bytes.Length;
        return offset;
    }
}
