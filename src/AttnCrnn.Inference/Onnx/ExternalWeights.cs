namespace AttnCrnn.Onnx;

/// <summary>
/// The external data file of a model (ONNX' external data) for its large tensors: a model file is limited to 2 GiB and
/// is read as a whole.
/// </summary>
/// <param name="stream">Output stream, from its start.</param>
/// <param name="name">File name, in the model's folder.</param>
internal sealed class ExternalWeights(Stream stream, string name)
{
    /// <summary>Smaller tensors stay in the model: runtimes read shapes and axes before they run.</summary>
    public const int MinBytes = 1024;

    private const int Alignment = 4096; // page size, as onnx.proto recommends for memory mapping

    private long position;

    public string Name => name;

    /// <summary>Writes one tensor.</summary>
    /// <returns>Its offset in the file.</returns>
    public long Add(ReadOnlySpan<byte> bytes)
    {
        var offset = (position + Alignment - 1) / Alignment * Alignment;
        Span<byte> padding = stackalloc byte[Alignment];
        padding.Clear();
        stream.Write(padding[..(int)(offset - position)]);
        stream.Write(bytes);
        position = offset + bytes.Length;
        return offset;
    }
}
