using System.Buffers.Binary;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.Flac;

/// <summary>A FLAC stream's metadata.</summary>
/// <param name="SampleRateHz">Sample rate in Hz.</param>
/// <param name="Channels">Number of channels.</param>
/// <param name="Bits">Bits per sample, 4 to 32.</param>
/// <param name="TotalSamples">Declared samples per channel; 0 if unknown.</param>
/// <param name="Md5">MD5 of all samples, interleaved, little-endian, padded to bytes; all zero if unknown.</param>
/// <param name="FirstFrameOffset">Byte offset of the first frame.</param>
internal sealed record FlacStreamInfo(
    int SampleRateHz,
    int Channels,
    int Bits,
    long TotalSamples,
    byte[] Md5,
    int FirstFrameOffset
)
{
    private const int TagHeaderBytes = 10;
    private const int BlockHeaderBytes = 4;
    private const int StreamInfoBytes = 34;
    private const int ForbiddenType = 127;

    /// <summary>Whether a stream starts with FLAC, optionally after an ID3v2 tag; resets the position to 0.</summary>
    public static bool StartsStream(Stream stream)
    {
        Span<byte> head = stackalloc byte[TagHeaderBytes];
        stream.Position = 0;
        var count = stream.ReadAtLeast(head, TagHeaderBytes, throwOnEndOfStream: false);
        if (GetTagLength(head[..count]) is > 0 and var tag && tag < stream.Length)
        {
            stream.Position = tag;
            count = stream.ReadAtLeast(head, TagHeaderBytes, throwOnEndOfStream: false);
        }
        stream.Position = 0;
        return head[..count].StartsWith("fLaC"u8);
    }

    /// <summary>Reads all metadata blocks; only STREAMINFO is used.</summary>
    public static FlacStreamInfo Read(FlacBytes file)
    {
        var offset = (int)Math.Min(file.Length, GetTagLength(file.Span));
        if (!file.Span[offset..].StartsWith("fLaC"u8))
            throw file.Error(
                offset,
                InputFile.FormatBytes(file.Span.Slice(offset, Math.Min(4, file.Length - offset))),
                "'fLaC'"
            );
        offset += 4;
        FlacStreamInfo? info = null;
        for (var isLast = false; !isLast; )
        {
            (isLast, var type, var block) = ReadBlock(file, offset);
            if (info is null)
                info = ReadStreamInfo(file, offset + BlockHeaderBytes, type, block);
            else if (type == ForbiddenType)
                throw file.Error(offset, "metadata of type 127", "0 to 126");
            offset += BlockHeaderBytes + block.Length;
        }
        return info! with { FirstFrameOffset = offset };
    }

    private static (bool IsLast, int Type, ReadOnlyMemory<byte> Block) ReadBlock(FlacBytes file, int offset)
    {
        var remaining = file.Length - offset - BlockHeaderBytes;
        if (remaining < 0)
            throw new InvalidFileException(
                file.Path,
                offset,
                "the end of the file",
                "a metadata block",
                "the file is truncated: download it again"
            );
        var word = BinaryPrimitives.ReadUInt32BigEndian(file.Span[offset..]);
        var length = (int)(word & 0xFFFFFF);
        if (length > remaining)
            throw new InvalidFileException(
                file.Path,
                offset,
                $"a metadata block of {length} bytes",
                $"at most the remaining {remaining} bytes",
                "the file is truncated or damaged: download it again"
            );
        return (word >> 31 != 0, (int)(word >> 24) & 0x7F, file.Padded.AsMemory(offset + BlockHeaderBytes, length));
    }

    private static FlacStreamInfo ReadStreamInfo(FlacBytes file, int offset, int type, ReadOnlyMemory<byte> block)
    {
        if (type != 0 || block.Length != StreamInfoBytes)
            throw file.Error(
                offset - BlockHeaderBytes,
                $"metadata of type {type}, {block.Length} bytes",
                "STREAMINFO: type 0, 34 bytes"
            );
        // 20 bits of sample rate, 3 of channels, 5 of sample size, 36 of length.
        var packed = BinaryPrimitives.ReadUInt64BigEndian(block.Span[10..]);
        var rate = (int)(packed >> 44);
        var bits = (int)((packed >> 36) & 0x1F) + 1;
        if (rate < 100)
            throw file.Error(offset + 10, $"a sample rate of {rate} Hz", "100 to 1048575 Hz");
        if (bits < 4)
            throw file.Error(offset + 12, $"{bits} bits per sample", "4 to 32");
        return new(rate, (int)((packed >> 41) & 7) + 1, bits, (long)(packed & 0xF_FFFF_FFFF), block[18..].ToArray(), 0);
    }

    // Size of an ID3v2 tag including header and footer, or 0. The size field has 7 bits per byte.
    private static long GetTagLength(ReadOnlySpan<byte> head)
    {
        if (head.Length < TagHeaderBytes || !head.StartsWith("ID3"u8))
            return 0;
        long size = 0;
        foreach (var digit in head[6..TagHeaderBytes])
            size = (size << 7) | (digit & 0x7Fu);
        return size + ((head[5] & 0x10) != 0 ? 2 * TagHeaderBytes : TagHeaderBytes);
    }
}
