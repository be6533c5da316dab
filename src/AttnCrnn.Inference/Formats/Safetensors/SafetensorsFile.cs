using System.Buffers.Binary;
using System.Text.Json;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.Safetensors;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Tensor name.</param>
/// <param name="Type">F16, BF16, F32, F64, I8 to I64, U8 to U64 or BOOL.</param>
/// <param name="Shape">Size of each dimension.</param>
/// <param name="Begin">Offset of the first byte, relative to the end of the header.</param>
/// <param name="End">Offset after the last byte, relative to the end of the header.</param>
internal sealed record SafetensorsEntry(string Name, string Type, IReadOnlyList<long> Shape, long Begin, long End)
{
    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));
}

/// <summary>
/// Hugging Face's safetensors format: a JSON header, then the tensors' bytes; every offset is validated before use. The
/// file is not memory-mapped: truncating a mapped file would crash the process, while a read fails with an exception.
/// Safe to read from several threads.
/// </summary>
internal sealed class SafetensorsFile : IDisposable
{
    private const long MaxHeaderBytes = 64L << 20;
    private const int MaxDimensions = 64; // limit of NumPy and PyTorch
    private const int HeaderStart = 8; // after the header's length
    private const string Expected = "a safetensors file";
    private const string DamagedRemedy = "the file is damaged: download or regenerate it";

    private readonly TensorFileReader reader;
    private readonly Dictionary<string, SafetensorsEntry> entries;

    private SafetensorsFile(
        string path,
        TensorFileReader reader,
        long dataStart,
        Dictionary<string, SafetensorsEntry> entries,
        IReadOnlyDictionary<string, string> metadata
    )
    {
        Path = path;
        this.reader = reader;
        DataStart = dataStart;
        this.entries = entries;
        Metadata = metadata;
    }

    public string Path { get; }

    /// <summary>File offset of the end of the header.</summary>
    public long DataStart { get; }

    /// <summary>The header's metadata strings.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => entries;

    /// <summary>Opens and validates a file.</summary>
    /// <exception cref="InvalidFileException">
    /// Not a safetensors file, truncated, or its header is inconsistent.
    /// </exception>
    public static SafetensorsFile Open(string path)
    {
        using var stream = InputFile.Open(path, Expected);
        Span<byte> head = stackalloc byte[InputFile.RecognizableBytes];
        head = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        var length = head.Length < HeaderStart ? ulong.MaxValue : BinaryPrimitives.ReadUInt64LittleEndian(head);
        if (length > MaxHeaderBytes || (long)length > stream.Length - HeaderStart)
        {
            var recognized = InputFile.Recognize(head);
            var found = head.Length < HeaderStart ? $"{head.Length} bytes" : $"a header of {length} bytes";
            throw new InvalidFileException(
                path,
                0,
                recognized?.Found ?? found,
                $"{Expected}, its header within the file's {stream.Length} bytes",
                recognized?.Remedy ?? "the file is truncated or has another format: download it again"
            );
        }
        stream.Position = HeaderStart;
        var header = new byte[length];
        stream.ReadExactly(header);
        var (entries, metadata) = Parse(path, header, stream.Length - HeaderStart - (long)length);
        return new(path, new TensorFileReader(path), HeaderStart + (long)length, entries, metadata);
    }

    /// <summary>Reads a tensor as float32.</summary>
    /// <param name="destination">Destination, with as many elements as the tensor.</param>
    /// <exception cref="InvalidFileException">
    /// There is no such tensor, or its type is not F32, F16, BF16 or F64.
    /// </exception>
    public void Read(string name, Span<float> destination)
    {
        if (!entries.TryGetValue(name, out var entry))
            throw new InvalidFileException(Path, null, $"no tensor '{name}'", "this tensor", "regenerate the file");
        if (entry.Count != destination.Length)
            throw new ArgumentException(
                $"{name} has {entry.Count} elements, not {destination.Length}",
                nameof(destination)
            );
        reader.Read(name, entry.Type, DataStart + entry.Begin, destination);
    }

    public void Dispose() => reader.Dispose();

    private static (Dictionary<string, SafetensorsEntry> Entries, Dictionary<string, string> Metadata) Parse(
        string path,
        byte[] header,
        long dataBytes
    )
    {
        var entries = new Dictionary<string, SafetensorsEntry>();
        var metadata = new Dictionary<string, string>();
        var json = new JsonSource(path, "safetensors' header", DamagedRemedy) { Start = HeaderStart }.Parse(
            header,
            new JsonDocumentOptions { MaxDepth = 8 }
        );
        foreach (var (name, value) in json.Fields)
        {
            if (name == "__metadata__")
                foreach (var (key, text) in value.Fields)
                    metadata[key] = text.IsNull ? "" : text.RequireString();
            else if (!entries.TryAdd(name, ParseEntry(name, value, dataBytes)))
                throw value.Error($"two tensors named {InputFile.Quote(name)}", "one", "regenerate the file");
        }
        RequireContiguous(path, entries.Values, dataBytes);
        return (entries, metadata);
    }

    // As the format demands, so that no two tensors share bytes and no bytes are hidden between them.
    private static void RequireContiguous(string path, IEnumerable<SafetensorsEntry> entries, long dataBytes)
    {
        long end = 0;
        foreach (var entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin != end)
                throw new InvalidFileException(
                    path,
                    HeaderStart,
                    $"{InputFile.Quote(entry.Name)} at byte {entry.Begin}",
                    $"byte {end}: contiguous tensors",
                    DamagedRemedy
                );
            end = entry.End;
        }
        if (end != dataBytes)
            throw new InvalidFileException(
                path,
                HeaderStart,
                $"tensors of {end} bytes",
                $"the file's {dataBytes}",
                "the file is truncated or damaged: download or regenerate it"
            );
    }

    private static SafetensorsEntry ParseEntry(string name, JsonCursor json, long dataBytes)
    {
        var shape = json.GetArray("shape");
        if (shape.Count > MaxDimensions)
            throw shape.Error($"{InputFile.Quote(name)} of {shape.Count} dimensions", $"at most {MaxDimensions}");
        var offsets = json.GetArray("data_offsets");
        if (offsets.Count < 2)
            throw offsets.Unexpected("the first byte and the byte after the last");
        var entry = new SafetensorsEntry(
            name,
            json.GetString("dtype"),
            [.. shape.Items.Select(size => size.RequireInt64())],
            offsets[0].RequireInt64(),
            offsets[1].RequireInt64()
        );
        if (!ElementTypes.TryGetByteSize(entry.Type, out var size))
            throw json.Error(
                $"{InputFile.Quote(name)} of type {InputFile.Quote(entry.Type)}",
                string.Join(", ", ElementTypes.Names),
                "convert it"
            );
        if (entry.End > dataBytes || !HasBytesOfShape(entry, size))
            throw json.Error(
                $"{InputFile.Quote(name)} of [{string.Join(", ", entry.Shape)}] {entry.Type} "
                    + $"in bytes {entry.Begin} to {entry.End}",
                $"as many bytes as it needs, within {dataBytes}"
            );
        return entry;
    }

    private static bool HasBytesOfShape(SafetensorsEntry entry, int elementBytes)
    {
        if (entry.Shape.Any(length => length < 0) || entry.Begin < 0 || entry.End < entry.Begin)
            return false;
        try
        {
            return checked(entry.Count * elementBytes) == entry.End - entry.Begin;
        }
        catch (OverflowException)
        {
            return false;
        }
    }
}
