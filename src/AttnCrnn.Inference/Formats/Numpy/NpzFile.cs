using System.IO.Compression;
using AttnCrnn.Formats.Zip;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.Numpy;

/// <summary>NumPy's .npz format: a zip archive of .npy files, without pickle.</summary>
public static class NpzFile
{
    private const string Expected = "a zip archive of NumPy arrays (.npz)";
    private const int MaxEntries = 10_000;

    // Limits against zip bombs: entries above this size may have at most this compression ratio. Speech features
    // compress to no less than a tenth.
    private const long RatioCheckThreshold = 64L << 20;
    private const int MaxCompressionRatio = 100;

    // A fixed date, so that equal arrays give equal archives.
    private static readonly DateTimeOffset FixedDate = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Reads all arrays of an archive, by name without <c>.npy</c>.</summary>
    /// <exception cref="InvalidFileException">
    /// The archive is damaged, an entry is not an array of numbers or strings, or its compression ratio is too high.
    /// </exception>
    public static IReadOnlyDictionary<string, NpyArray> Read(string path)
    {
        using var stream = InputFile.Open(path, Expected);
        RequireZip(path, stream);
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
            if (archive.Entries.Count > MaxEntries)
                throw new InvalidFileException(
                    path,
                    null,
                    $"{archive.Entries.Count} entries",
                    $"at most {MaxEntries}",
                    "split the archive"
                );
            var arrays = new Dictionary<string, NpyArray>();
            foreach (var entry in archive.Entries)
            {
                var name = GetArrayName(path, entry);
                using var content = entry.Open();
                if (!arrays.TryAdd(name, NpyFile.Read($"{path}:{name}", content, entry.Length)))
                    throw new InvalidFileException(
                        $"{path}:{name}",
                        null,
                        "two arrays with this name",
                        "one",
                        "save the arrays again with numpy.savez"
                    );
            }
            return arrays;
        }
        catch (InvalidDataException)
        {
            throw new InvalidFileException(
                path,
                null,
                "a damaged zip archive",
                Expected,
                "the file is truncated or damaged: download it again"
            );
        }
    }

    /// <summary>Writes arrays uncompressed and atomically.</summary>
    public static void Write(string path, IEnumerable<KeyValuePair<string, NpyArray>> arrays) =>
        AtomicFile.Write(path, stream =>
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach (var (name, array) in arrays)
            {
                var entry = archive.CreateEntry(name + ".npy", CompressionLevel.NoCompression);
                entry.LastWriteTime = FixedDate;
                using var content = entry.Open();
                NpyFile.Write(content, array);
            }
        });

    private static void RequireZip(string path, FileStream stream)
    {
        Span<byte> head = stackalloc byte[256];
        var count = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        if (head.StartsWith("PK"u8))
            return;
        var recognized = InputFile.Recognize(head[..count]);
        throw new InvalidFileException(
            path,
            0,
            recognized?.Found ?? InputFile.FormatBytes(head[..Math.Min(count, 4)]),
            Expected,
            recognized?.Remedy ?? "save the arrays with numpy.savez"
        );
    }

    private static string GetArrayName(string path, ZipArchiveEntry entry)
    {
        var name = ZipNames.ValidateEntryName(path, entry);
        if (!name.EndsWith(".npy", StringComparison.Ordinal))
            throw new InvalidFileException(
                $"{path}:{name}",
                null,
                "an entry that is not an array",
                "names ending in .npy",
                "save the arrays with numpy.savez"
            );
        if (entry.Length > RatioCheckThreshold && entry.Length / MaxCompressionRatio > entry.CompressedLength)
            throw new InvalidFileException(
                $"{path}:{name}",
                null,
                $"{entry.Length} bytes compressed to {entry.CompressedLength}",
                $"at most {MaxCompressionRatio} times its compressed size",
                "this may be a zip bomb; if the archive is trusted, save it uncompressed with numpy.savez"
            );
        return name[..^4];
    }
}
