using System.IO.Compression;
using System.IO.Hashing;
using AttnCrnn.Formats.Zip;
using AttnCrnn.IO;

namespace AttnCrnn.Models.Keras;

/// <summary>
/// A <c>.keras</c> file as Keras 3 saves a model (keras/src/saving/saving_lib.py): a zip archive of metadata.json, config.json and model.weights.h5, and whatever
/// others put beside them. Entries come out as bytes; nothing is unpacked to a disk.
/// </summary>
internal sealed class KerasArchive
{
    public const string Metadata = "metadata.json",
        Config = "config.json",
        Weights = "model.weights.h5";

    private const string Expected = "a model that Keras 3 saved (.keras)";
    private const string Remedy = "save the model again with model.save('NAME.keras')";
    private const int MaxEntries = 10_000;
    private const long MaxUncheckedBytes = 1L << 20; // an entry of up to this size may be compressed as well as it can be
    private const int MaxCompressionRatio = 10; // a larger one by no more than this: trained weights hardly shrink at all, and moments that are still 0 are two thirds of a file
    private const int MaxGraphBytes = 2 << 20; // a hundred times what this network takes; parsed, it is thirty times as large
    private const int MaxTextBytes = 1 << 18; // of what is beside it

    private static readonly DateTimeOffset NoDate = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero); // the same entries give the same bytes

    private readonly Dictionary<string, byte[]> entries = new(StringComparer.Ordinal);
    private Task<byte[]>? weights;

    private readonly long size; // of the file

    private KerasArchive(string path, long size) => (Path, this.size) = (path, size);

    public string Path { get; }

    /// <summary>An entry's bytes; null where the archive has none of that name.</summary>
    /// <exception cref="InvalidFileException">They are the weights, and are damaged.</exception>
    public byte[]? this[string name] =>
        name == Weights ? weights?.GetAwaiter().GetResult() : entries.GetValueOrDefault(name);

    /// <summary>Reads the entries of these names; each but the optional ones must be there.</summary>
    /// <exception cref="InvalidFileException">It is no such archive, it is damaged, or an entry is encrypted, named to lead out, or would fill memory.</exception>
    public static KerasArchive Read(string path, params ReadOnlySpan<string> optional) =>
        Read(path, InputFile.Open(path, Expected), aside: true, optional);

    /// <summary>As above, on the caller's thread alone.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="stream">The whole archive; it must seek. It is closed here.</param>
    public static KerasArchive Read(string path, Stream stream, params ReadOnlySpan<string> optional) =>
        Read(path, stream, aside: false, optional);

    private static KerasArchive Read(string path, Stream stream, bool aside, ReadOnlySpan<string> optional)
    {
        var read = new KerasArchive(path, stream.Length);
        var mustClose = true;
        try
        {
            RequireZip(path, stream);
            string[] wanted = [Metadata, Config, Weights, .. optional];
            var archive = read.Intact(() => new ZipArchive(stream, ZipArchiveMode.Read));
            var large = read.Intact(() => read.Small(archive, wanted));
            foreach (var name in wanted[..2])
                if (read[name] is null)
                    throw read.Error($"no {name}", Expected);
            if (large is null)
                throw read.Error($"no {Weights}", Expected);
            // Most of the file, read beside the parsing of what describes it.
            read.weights = aside
                ? Task.Factory.StartNew(
                    () => read.Large(archive, large),
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
                : Task.FromResult(read.Large(archive, large));
            mustClose = false;
            return read;
        }
        finally
        {
            if (mustClose)
                stream.Dispose();
        }
    }

    /// <summary>Writes entries as they are, in this order; the file is there whole or not at all, and the same entries give the same bytes.</summary>
    public static void Write(string path, IEnumerable<(string Name, byte[] Bytes)> entries) =>
        AtomicFile.Write(path, stream =>
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

    // All wanted entries but the weights, whose place comes out.
    private ZipArchiveEntry? Small(ZipArchive archive, string[] wanted)
    {
        ZipArchiveEntry? large = null;
        if (archive.Entries.Count > MaxEntries)
            throw Error($"{archive.Entries.Count} entries", $"no more than {MaxEntries}");
        foreach (var entry in archive.Entries)
        {
            var name = ZipNames.Plain(Path, entry);
            if (!wanted.Contains(name))
                continue;
            if (name == Weights ? large is not null : !entries.TryAdd(name, Bytes(entry)))
                throw Error($"two entries named {name}", "one");
            if (name == Weights)
                large = entry;
        }
        return large;
    }

    private byte[] Large(ZipArchive archive, ZipArchiveEntry entry)
    {
        using (archive)
            return Intact(() => Bytes(entry));
    }

    private T Intact<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault)
            when (fault is InvalidDataException or ArgumentException or OverflowException or IOException) // ZipArchive believes what an archive says of itself
        {
            throw new InvalidFileException(
                Path,
                null,
                $"a damaged zip archive ({fault.Message.TrimEnd('.')})",
                Expected,
                "the file is cut off or damaged: fetch it again"
            );
        }
    }

    private byte[] Bytes(ZipArchiveEntry entry)
    {
        var name = entry.FullName;
        if (entry.IsEncrypted)
            throw Error($"{name}, encrypted", "an entry that can be read");
        if (entry.Length < 0 || entry.CompressedLength < 0 || entry.CompressedLength > size)
            throw Error(
                $"{name} of {entry.Length} bytes in {entry.CompressedLength}",
                $"sizes of at least 0, and no more than the file's {size} bytes"
            );
        var max =
            name == Weights ? Array.MaxLength
            : name == Config ? MaxGraphBytes
            : MaxTextBytes;
        if (entry.Length > max)
            throw Error($"{name} of {entry.Length} bytes", $"at most {max}");
        if (entry.Length > MaxUncheckedBytes && entry.Length / MaxCompressionRatio > entry.CompressedLength)
            throw Error(
                $"{name}: {entry.Length} bytes compressed to {entry.CompressedLength}",
                $"at most {MaxCompressionRatio} times as much as its compressed size"
            );
        var bytes = GC.AllocateUninitializedArray<byte>((int)entry.Length); // filled below, or refused
        using var content = entry.Open();
        if (
            content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length
            || content.ReadByte() >= 0
        )
            throw Error($"{name} of another length than its header says", $"{bytes.Length} bytes");
        // ZipArchive reads checksums and does not compare them.
        return Crc32.HashToUInt32(bytes) == entry.Crc32
            ? bytes
            : throw Error($"{name} damaged: its checksum is another", "what was saved");
    }

    private static void RequireZip(string path, Stream stream)
    {
        Span<byte> head = stackalloc byte[256];
        var had = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        if (head.StartsWith("PK"u8))
            return;
        if (head[1..].StartsWith("HDF\r\n"u8))
            throw new InvalidFileException(
                path,
                0,
                "an HDF5 file, as Keras 2 saved models",
                Expected,
                "load it with Keras 3 and save it with model.save('NAME.keras')"
            );
        var other = InputFile.Recognize(head[..had]);
        throw new InvalidFileException(
            path,
            0,
            other?.Found ?? InputFile.Show(head[..Math.Min(had, 4)]),
            Expected,
            other?.Remedy ?? Remedy
        );
    }

    private InvalidFileException Error(string found, string expected) => new(Path, null, found, expected, Remedy);
}
