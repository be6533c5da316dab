using System.IO.Compression;
using AttnCrnn.IO;

namespace AttnCrnn.Models.Keras;

/// <summary>Writes the archives that <see cref="KerasArchive"/> reads.</summary>
internal static class KerasArchiveWriter
{
    // Fixed, so that the same entries give the same bytes.
    private static readonly DateTimeOffset NoDate = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes entries uncompressed, in this order, atomically; the same entries give the same bytes.</summary>
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
}
