using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace AttnCrnn.Formats;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Type">F16, BF16, F32, F64, I8 to I64, U8 to U64 or BOOL.</param>
/// <param name="Begin">The first byte, counted from the end of the header.</param>
/// <param name="End">The byte after the last.</param>
public sealed record SafetensorsEntry(string Name, string Type, IReadOnlyList<long> Shape, long Begin, long End)
{
    /// <summary>Elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));
}

/// <summary>
/// Hugging Face's safetensors: a JSON header, then the tensors' bytes, read where they stand; every offset is checked against the file before it is used.
/// Not mapped: a file that is cut off while it is mapped ends the process, and one that is read says so. Safe to read from several threads.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private const long MostHeader = 64L << 20;
    private const string Expected = "a safetensors file";

    private static readonly Dictionary<string, int> TypeBytes = new()
    {
        ["BOOL"] = 1, ["U8"] = 1, ["I8"] = 1, ["I16"] = 2, ["U16"] = 2, ["F16"] = 2, ["BF16"] = 2, ["I32"] = 4, ["U32"] = 4, ["F32"] = 4,
        ["I64"] = 8, ["U64"] = 8, ["F64"] = 8,
    };

    private const int ChunkBytes = 1 << 16;

    private readonly SafeFileHandle handle;
    private readonly long dataStart;
    private readonly Dictionary<string, SafetensorsEntry> entries;

    private SafetensorsFile(string path, SafeFileHandle handle, long dataStart, Dictionary<string, SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        Path = path;
        this.handle = handle;
        this.dataStart = dataStart;
        this.entries = entries;
        Metadata = metadata;
    }

    public string Path { get; }

    /// <summary>The header's free texts.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => entries;

    /// <summary>Opens and checks a file.</summary>
    /// <exception cref="BadFileException">It is no safetensors file, is cut off, or its header contradicts itself.</exception>
    public static SafetensorsFile Open(string path)
    {
        using var stream = InputFile.Open(path, Expected);
        Span<byte> head = stackalloc byte[8];
        if (stream.ReadAtLeast(head, 8, throwOnEndOfStream: false) < 8) throw new BadFileException(path, 0, $"{stream.Length} bytes", Expected, "fetch or make the file again");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(head);
        if (length > MostHeader || (long)length > stream.Length - 8)
        {
            var other = InputFile.Recognise(head);
            throw new BadFileException(path, 0, other?.Found ?? $"a header of {length} bytes", $"{Expected}, its header within the file's {stream.Length} bytes", other?.Remedy ?? "the file is cut off or something else: fetch it again");
        }
        var header = new byte[length];
        stream.ReadExactly(header);
        var (entries, metadata) = Parse(path, header, stream.Length - 8 - (long)length);
        return new(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete), 8 + (long)length, entries, metadata);
    }

    /// <summary>A tensor's elements as float32.</summary>
    /// <param name="to">As many as the tensor has.</param>
    /// <exception cref="BadFileException">There is no such tensor, or its elements are neither F32, F16 nor BF16.</exception>
    public void Read(string name, Span<float> to)
    {
        if (!entries.TryGetValue(name, out var entry)) throw new BadFileException(Path, null, $"no tensor '{name}'", "one", "make the file again");
        if (entry.Count != to.Length) throw new ArgumentException($"{name} has {entry.Count} elements, not {to.Length}", nameof(to));
        if (entry.Type is not ("F32" or "F16" or "BF16")) throw new BadFileException(Path, null, $"{entry.Name} of type {entry.Type}", "F32, F16 or BF16", "convert it");
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            var (size, start) = (TypeBytes[entry.Type], dataStart + entry.Begin);
            for (var at = 0; at < to.Length;)
            {
                var count = Math.Min(ChunkBytes / size, to.Length - at);
                ReadAll(name, start + ((long)at * size), chunk.AsSpan(0, count * size));
                Convert(entry.Type, chunk.AsSpan(0, count * size), to.Slice(at, count));
                at += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    public void Dispose()
    {
        handle.Dispose();
    }

    private void ReadAll(string name, long start, Span<byte> to)
    {
        for (var at = 0; at < to.Length;)
        {
            var had = RandomAccess.Read(handle, to[at..], start + at);
            if (had == 0) throw new BadFileException(Path, start + at, "the end of the file", $"the whole of {name}", "the file was cut off after it was opened: make it again");
            at += had;
        }
    }

    private static void Convert(string type, ReadOnlySpan<byte> from, Span<float> to)
    {
        switch (type)
        {
            case "F32":
                MemoryMarshal.Cast<byte, float>(from).CopyTo(to);
                break;
            case "F16":
                System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(from), to);
                break;
            default:
                var halves = MemoryMarshal.Cast<byte, ushort>(from);
                for (var i = 0; i < to.Length; i++) to[i] = BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
                break;
        }
    }

    private static (Dictionary<string, SafetensorsEntry>, Dictionary<string, string>) Parse(string path, byte[] header, long dataBytes)
    {
        var entries = new Dictionary<string, SafetensorsEntry>();
        var metadata = new Dictionary<string, string>();
        try
        {
            using var json = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = 8 });
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (property.NameEquals("__metadata__"))
                    foreach (var text in property.Value.EnumerateObject()) metadata[text.Name] = text.Value.GetString() ?? "";
                else if (!entries.TryAdd(property.Name, Entry(path, property, dataBytes)))
                    throw new BadFileException(path, 8, $"two tensors named '{property.Name}'", "one", "make the file again");
            }
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new BadFileException(path, 8, $"a header that cannot be read ({fault.Message.Split('.')[0]})", "safetensors' JSON", "the file is damaged: fetch or make it again");
        }
        long end = 0;
        foreach (var entry in entries.Values.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin != end) throw new BadFileException(path, 8, $"'{entry.Name}' at byte {entry.Begin}", $"byte {end}: tensors end to end", "the file is damaged: fetch or make it again");
            end = entry.End;
        }
        if (end != dataBytes) throw new BadFileException(path, 8, $"tensors of {end} bytes", $"the file's {dataBytes}", "the file is cut off or damaged: fetch or make it again");
        return (entries, metadata);
    }

    private static SafetensorsEntry Entry(string path, JsonProperty property, long dataBytes)
    {
        var offsets = property.Value.GetProperty("data_offsets");
        var entry = new SafetensorsEntry(
            property.Name, property.Value.GetProperty("dtype").GetString()!, [.. property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())],
            offsets[0].GetInt64(), offsets[1].GetInt64());
        if (!TypeBytes.TryGetValue(entry.Type, out var size)) throw new BadFileException(path, 8, $"'{entry.Name}' of type {entry.Type}", string.Join(", ", TypeBytes.Keys), "convert it");
        if (entry.Shape.Any(length => length < 0) || entry.Begin < 0 || entry.End < entry.Begin || entry.End > dataBytes || checked(entry.Count * size) != entry.End - entry.Begin)
            throw new BadFileException(
                path, 8, $"'{entry.Name}' of [{string.Join(", ", entry.Shape)}] {entry.Type} in bytes {entry.Begin} to {entry.End}", $"as many bytes as it needs, within {dataBytes}",
                "the file is damaged: fetch or make it again");
        return entry;
    }
}
