using System.IO.Compression;
using System.IO.Hashing;
using AttnCrnn.Formats.Zip;
using AttnCrnn.IO;

namespace AttnCrnn.Models.Keras;

/// <summary>
/// A <c>.keras</c> file as Keras saves a model since 2.12 (keras/src/saving/saving_lib.py): a zip archive of
/// metadata.json, config.json and model.weights.h5, and possibly other entries. Entries are read into memory;
/// nothing is unpacked to disk.
/// </summary>
internal sealed class KerasArchive
{
    public const string Metadata = "metadata.json";
    public const string Config = "config.json";
    public const string Weights = "model.weights.h5";

    private const string Expected = KerasModel.Expected;
    private const string Remedy = "save the model again with model.save('NAME.keras')";
    private const int MaxEntries = 10_000;
    private const long MaxUncheckedBytes = 1L << 20; // the compression ratio of entries up to this size is not limited

    // Trained weights hardly compress; moments that are still 0 are at most two thirds of a file.
    private const int MaxCompressionRatio = 10;
    private const int MaxGraphBytes = 2 << 20; // 100 times what this network needs; parsed, it is 30 times as large
    private const int MaxTextBytes = 1 << 18; // for all other entries

    private readonly Dictionary<string, byte[]> entries = new(StringComparer.Ordinal);
    private Task<byte[]>? weights;

    private readonly long fileSize;

    private KerasArchive(string path, long fileSize)
    {
        Path = path;
        this.fileSize = fileSize;
    }

    public string Path { get; }

    /// <summary>An entry's bytes; null if the archive has no entry of that name.</summary>
    /// <exception cref="InvalidFileException">The weights are damaged.</exception>
    /// <remarks>Waits for the thread that reads and decompresses the weights: computation, not network.</remarks>
    public byte[]? this[string name] =>
        name == Weights ? weights?.GetAwaiter().GetResult() : entries.GetValueOrDefault(name);

    /// <summary>Reads the three standard entries, which must exist, and the optional ones.</summary>
    /// <exception cref="InvalidFileException">
    /// Not such an archive, a damaged one, or an entry is encrypted, has an unsafe name or exceeds a size limit.
    /// </exception>
    public static KerasArchive Read(string path, params ReadOnlySpan<string> optional) =>
        Read(path, InputFile.Open(path, Expected), inBackground: true, optional);

    /// <summary>As above, on the caller's thread.</summary>
    /// <param name="path">Path for error messages.</param>
    /// <param name="stream">The whole archive, seekable; closed here.</param>
    public static KerasArchive Read(string path, Stream stream, params ReadOnlySpan<string> optional) =>
        Read(path, stream, inBackground: false, optional);

    private static KerasArchive Read(string path, Stream stream, bool inBackground, ReadOnlySpan<string> optional)
    {
        var entries = new KerasArchive(path, stream.Length);
        var mustClose = true;
        try
        {
            RequireZip(path, stream);
            string[] requestedEntries = [Metadata, Config, Weights, .. optional];
            var archive = entries.ThrowIfDamaged(() => new ZipArchive(stream, ZipArchiveMode.Read));
            var weightsEntry = entries.ThrowIfDamaged(() => entries.ReadSmallEntries(archive, requestedEntries));
            foreach (var name in requestedEntries[..2])
                if (entries[name] is null)
                    throw entries.CreateError($"no {name}", Expected);
            if (weightsEntry is null)
                throw entries.CreateError($"no {Weights}", Expected);
            // Most of the file; read in the background while the graph is parsed.
            entries.weights = inBackground
                ? Task.Factory.StartNew(
                    () => entries.ReadWeights(archive, weightsEntry),
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
                : Task.FromResult(entries.ReadWeights(archive, weightsEntry));
            mustClose = false;
            return entries;
        }
        finally
        {
            if (mustClose)
                stream.Dispose();
        }
    }

    // Reads all wanted entries except the weights; returns the entry of the weights.
    private ZipArchiveEntry? ReadSmallEntries(ZipArchive archive, string[] requestedEntries)
    {
        ZipArchiveEntry? weightsEntry = null;
        if (archive.Entries.Count > MaxEntries)
            throw CreateError($"{archive.Entries.Count} entries", $"no more than {MaxEntries}");
        foreach (var entry in archive.Entries)
        {
            var name = ZipNames.ValidateEntryName(Path, entry);
            if (!requestedEntries.Contains(name))
                continue;
            if (name == Weights ? weightsEntry is not null : !entries.TryAdd(name, ReadBytes(entry)))
                throw CreateError($"two entries named {name}", "one");
            if (name == Weights)
                weightsEntry = entry;
        }
        return weightsEntry;
    }

    private byte[] ReadWeights(ZipArchive archive, ZipArchiveEntry entry)
    {
        using (archive)
            return ThrowIfDamaged(() => ReadBytes(entry));
    }

    private T ThrowIfDamaged<T>(Func<T> entries)
    {
        try
        {
            return entries();
        }
        catch (Exception exception)
            // ZipArchive trusts the archive's headers
            when (exception is InvalidDataException or ArgumentException or OverflowException or IOException)
        {
            throw new InvalidFileException(
                Path,
                null,
                "a damaged zip archive",
                Expected,
                "the file is truncated or damaged: download it again"
            );
        }
    }

    private byte[] ReadBytes(ZipArchiveEntry entry)
    {
        var name = entry.FullName;
        if (entry.IsEncrypted)
            throw CreateError($"{name}, encrypted", "an unencrypted entry");
        if (entry.Length < 0 || entry.CompressedLength < 0 || entry.CompressedLength > fileSize)
            throw CreateError(
                $"{name} of {entry.Length} bytes in {entry.CompressedLength}",
                $"sizes of at least 0, and at most the file's {fileSize} bytes"
            );
        var max =
            name == Weights ? Array.MaxLength
            : name == Config ? MaxGraphBytes
            : MaxTextBytes;
        if (entry.Length > max)
            throw CreateError($"{name} of {entry.Length} bytes", $"at most {max}");
        if (entry.Length > MaxUncheckedBytes && entry.Length / MaxCompressionRatio > entry.CompressedLength)
            throw CreateError(
                $"{name}: {entry.Length} bytes compressed to {entry.CompressedLength}",
                $"at most {MaxCompressionRatio} times as much as its compressed size"
            );
        var bytes = GC.AllocateUninitializedArray<byte>((int)entry.Length); // filled below, or an exception is thrown
        using var content = entry.Open();
        if (
            content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length
            || content.ReadByte() >= 0
        )
            throw CreateError($"{name} with a length that differs from its header", $"{bytes.Length} bytes");
        // ZipArchive does not verify checksums.
        return Crc32.HashToUInt32(bytes) == entry.Crc32
            ? bytes
            : throw CreateError($"{name} damaged: its checksum does not match", "the saved data");
    }

    private static void RequireZip(string path, Stream stream)
    {
        Span<byte> head = stackalloc byte[256];
        var length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        if (head.StartsWith("PK"u8))
            return;
        var fileType = InputFile.Recognize(head[..length]);
        throw new InvalidFileException(
            path,
            0,
            fileType?.Found ?? InputFile.FormatBytes(head[..Math.Min(length, 4)]),
            Expected,
            fileType?.Remedy ?? Remedy
        );
    }

    private InvalidFileException CreateError(string found, string expected) => new(Path, null, found, expected, Remedy);
}
