using System.Buffers.Binary;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Formats.Containers;

/// <summary>How a format writes a sequence of chunks, each with its size.</summary>
internal sealed class ChunkFormat
{
    private const int MaxChunks = 1 << 20;

    private delegate long? ChunkSize(ReadOnlySpan<byte> header);

    /// <summary>AIFF and AIFF-C.</summary>
    public static ChunkFormat Aiff { get; } =
        new()
        {
            HeaderBytes = 8,
            Alignment = 2,
            GetSize = header =>
                HasName(header)
                && BinaryPrimitives.ReadUInt32BigEndian(header[4..]) is var size
                && !StreamedSize.IsUnknown(size)
                    ? 8L + size
                    : null,
        };

    /// <summary>RIFF files that are no WAV, as AVI: several large chunks RIFF.</summary>
    public static ChunkFormat Riff { get; } =
        new()
        {
            HeaderBytes = 8,
            Alignment = 2,
            GetSize = header =>
                WavFile.HasRiffName(header)
                && BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) is var size
                && !StreamedSize.IsUnknown(size)
                    ? 8L + size
                    : null,
        };

    /// <summary>Core Audio Format; −1: up to the end of the file.</summary>
    public static ChunkFormat Caf { get; } =
        new()
        {
            HeaderBytes = 12,
            GetSize = header => HasName(header) ? Add(12, BinaryPrimitives.ReadInt64BigEndian(header[4..])) : null,
        };

    /// <summary>Sony Wave64: sizes with the header.</summary>
    public static ChunkFormat Wave64 { get; } =
        new()
        {
            HeaderBytes = 24,
            Alignment = 8,
            GetSize = header => HasName(header) ? Add(0, BinaryPrimitives.ReadInt64LittleEndian(header[16..])) : null,
        };

    /// <summary>
    /// ISO base media (MP4, M4A, 3GP) and QuickTime; 0: up to the end of the file, 1: 64 bits follow.
    /// </summary>
    public static ChunkFormat IsoMedia { get; } =
        new()
        {
            HeaderBytes = 16,
            MinHeaderBytes = 8,
            GetSize = header =>
                !HasName(header[4..]) ? null
                : BinaryPrimitives.ReadUInt32BigEndian(header) is not 1 and var size
                    ? size == 0 ? null
                        : size
                : header.Length >= 16 ? Add(0, BinaryPrimitives.ReadInt64BigEndian(header[8..]))
                : null,
        };

    /// <summary>WavPack blocks; tags may follow them.</summary>
    public static ChunkFormat WavPack { get; } =
        new()
        {
            HeaderBytes = 8,
            GetSize = header =>
                header.StartsWith("wvpk"u8) ? 8L + BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) : null,
        };

    /// <summary>Creative Voice: blocks of a type and a size of 3 bytes; type 0 is the end.</summary>
    public static ChunkFormat Voc { get; } =
        new()
        {
            HeaderBytes = 4,
            GetSize = header => header[0] == 0 ? null : 4 + (header[1] | (header[2] << 8) | (header[3] << 16)),
        };

    private int HeaderBytes { get; init; }

    private int? MinHeaderBytes { get; init; }

    private int Alignment { get; init; } = 1;

    private ChunkSize GetSize { get; init; } = _ => null;

    /// <summary>
    /// End of the first chunk that ends after the file; null: there is none, as far as the chunks tell.
    /// </summary>
    /// <param name="start">Offset of the first chunk.</param>
    public long? FindMissingEnd(ContainerBytes bytes, long start)
    {
        for (var i = 0; i < MaxChunks; i++)
        {
            var header = bytes.Read(start, HeaderBytes);
            // Less than a header, or something that is no chunk, can be appended to any file.
            if (header.Length < (MinHeaderBytes ?? HeaderBytes) || GetSize(header) is not { } size)
                return null;
            if (size < (MinHeaderBytes ?? HeaderBytes))
                return null;
            var end = start + size;
            if (end > bytes.Length)
                return end;
            start = (end + Alignment - 1) / Alignment * Alignment;
        }
        return null;
    }

    private static bool HasName(ReadOnlySpan<byte> header) => WavChunkOrder.IsName(header[..4]);

    // Sizes that no file has are placeholders.
    private static long? Add(long headerBytes, long size) => size is < 0 or > 1L << 50 ? null : headerBytes + size;
}
