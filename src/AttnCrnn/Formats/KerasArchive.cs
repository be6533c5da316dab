using System.IO.Compression;

namespace AttnCrnn.Formats;

/// <summary>
/// A <c>.keras</c> file as Keras 3 saves a model (keras/src/saving/saving_lib.py): a zip archive of metadata.json, config.json and model.weights.h5, and whatever
/// others put beside them. Entries come out as bytes; nothing is unpacked to a disk.
/// </summary>
internal sealed class KerasArchive
{
    public const string Metadata = "metadata.json", Config = "config.json", Weights = "model.weights.h5";

    private const string Expected = "a model that Keras 3 saved (.keras)";
    private const string Remedy = "save the model again with model.save('NAME.keras')";
    private const int MostEntries = 10_000;
    private const long LargestFreely = 1L << 20; // an entry of up to this size may be compressed as well as it can be
    private const int HighestRatio = 100;        // a larger one by no more than this: trained weights hardly shrink at all
    private const int MostJson = 16 << 20;

    private static readonly DateTimeOffset NoDate = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero); // the same entries give the same bytes

    private readonly Dictionary<string, byte[]> entries = new(StringComparer.Ordinal);

    private KerasArchive(string path) => Path = path;

    public string Path { get; }

    /// <summary>An entry's bytes; null where the archive has none of that name.</summary>
    public byte[]? this[string name] => entries.GetValueOrDefault(name);

    /// <summary>Reads the entries of these names; each but the optional ones must be there.</summary>
    /// <exception cref="BadFileException">It is no such archive, it is damaged, or an entry is encrypted, named to lead out, or would fill memory.</exception>
    public static KerasArchive Read(string path, params ReadOnlySpan<string> optional)
    {
        using var stream = InputFile.Open(path, Expected);
        return Read(path, stream, optional);
    }

    /// <param name="path">For messages.</param>
    /// <param name="stream">The whole archive; it must seek.</param>
    public static KerasArchive Read(string path, Stream stream, params ReadOnlySpan<string> optional)
    {
        RequireZip(path, stream);
        var read = new KerasArchive(path);
        string[] wanted = [Metadata, Config, Weights, .. optional];
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            if (archive.Entries.Count > MostEntries) throw read.Fault($"{archive.Entries.Count} entries", $"no more than {MostEntries}");
            foreach (var entry in archive.Entries)
            {
                var name = ZipNames.Plain(path, entry);
                if (wanted.Contains(name) && !read.entries.TryAdd(name, read.Bytes(entry))) throw read.Fault($"two entries named {name}", "one");
            }
        }
        catch (InvalidDataException fault)
        {
            throw new BadFileException(path, null, $"a damaged zip archive ({fault.Message.TrimEnd('.')})", Expected, "the file is cut off or damaged: fetch it again");
        }
        foreach (var name in wanted[..3])
            if (read[name] is null) throw read.Fault($"no {name}", Expected);
        return read;
    }

    /// <summary>Writes entries as they are, in this order; the file is there whole or not at all, and the same entries give the same bytes.</summary>
    public static void Write(string path, IEnumerable<(string Name, byte[] Bytes)> entries) => AtomicFile.Write(path, stream =>
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, bytes) in entries)
        {
            var entry = archive.CreateEntry(name, CompressionLevel.NoCompression);
            entry.LastWriteTime = NoDate;
            using var content = entry.Open();
            content.Write(bytes);
        }
    });

    private byte[] Bytes(ZipArchiveEntry entry)
    {
        var name = entry.FullName;
        if (entry.IsEncrypted) throw Fault($"{name}, encrypted", "an entry that can be read");
        if (name != Weights && entry.Length > MostJson) throw Fault($"{name} of {entry.Length} bytes", $"at most {MostJson}");
        if (entry.Length > Array.MaxLength || (entry.Length > LargestFreely && entry.Length / HighestRatio > entry.CompressedLength))
            throw Fault($"{name}: {entry.Length} bytes compressed to {entry.CompressedLength}", $"at most {HighestRatio} times as much as its compressed size");
        var bytes = new byte[entry.Length];
        using var content = entry.Open();
        if (content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length || content.ReadByte() >= 0)
            throw Fault($"{name} of another length than its header says", $"{bytes.Length} bytes");
        return ZipChecksum.Of(bytes) == entry.Crc32 ? bytes : throw Fault($"{name} damaged: its checksum is another", "what was saved");
    }

    private static void RequireZip(string path, Stream stream)
    {
        Span<byte> head = stackalloc byte[256];
        var had = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        if (head.StartsWith("PK"u8)) return;
        if (head[1..].StartsWith("HDF\r\n"u8))
            throw new BadFileException(path, 0, "an HDF5 file, as Keras 2 saved models", Expected, "load it with Keras 3 and save it with model.save('NAME.keras')");
        var other = InputFile.Recognise(head[..had]);
        throw new BadFileException(path, 0, other?.Found ?? InputFile.Show(head[..Math.Min(had, 4)]), Expected, other?.Remedy ?? Remedy);
    }

    private BadFileException Fault(string found, string expected) => new(Path, null, found, expected, Remedy);
}
