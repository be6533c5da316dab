using System.Buffers.Binary;
using System.Text;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.Wav;

/// <summary>Locates the format and the samples of a WAV file.</summary>
internal sealed class WavChunks
{
    private const uint InDs64 = 0xFFFFFFFF; // or unknown
    private const long MaxBytes = 1L << 50; // sizes that no file has are unknown ones
    private const int MaxFollowingChunks = 256;

    private readonly string path;
    private readonly Stream stream;
    private long? ds64DataBytes;
    private int emptyDataChunks; // before the samples

    /// <param name="stream">Seekable, at its beginning.</param>
    public WavChunks(string path, Stream stream)
    {
        this.path = path;
        this.stream = stream;
        ReadHeader();
        ReadChunks();
        FindFurtherData();
    }

    /// <summary>Whether numbers and samples are big-endian (RIFX).</summary>
    public bool IsBigEndian { get; private set; }

    /// <summary>Offset and content of the fmt chunk, at least 16 bytes.</summary>
    public (long Offset, byte[] Bytes) Format { get; private set; } = (0, []);

    /// <summary>Byte offset of the samples.</summary>
    public long DataStart { get; private set; }

    /// <summary>Declared size of the samples in bytes; null if unknown.</summary>
    public long? DataBytes { get; private set; }

    /// <summary>What follows the samples and is not read; null: nothing of importance.</summary>
    public string? Warning { get; private set; }

    /// <summary>A number of the fmt chunk, 2 bytes.</summary>
    public int ReadFormatNumber(int offset) =>
        IsBigEndian
            ? BinaryPrimitives.ReadUInt16BigEndian(Format.Bytes.AsSpan(offset))
            : BinaryPrimitives.ReadUInt16LittleEndian(Format.Bytes.AsSpan(offset));

    /// <summary>A number of the file, 4 bytes.</summary>
    public uint ReadNumber(ReadOnlySpan<byte> bytes) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private void ReadHeader()
    {
        Span<byte> head = stackalloc byte[256];
        var count = stream.ReadAtLeast(head, 256, throwOnEndOfStream: false);
        head = head[..count];
        if (!WavFile.HasRiffName(head))
        {
            var recognized = InputFile.Recognize(head);
            throw new InvalidFileException(
                path,
                0,
                recognized?.Found ?? InputFile.FormatBytes(head[..Math.Min(4, count)]),
                "a WAV recording (RIFF or RF64)",
                recognized?.Remedy ?? "download the file again, or convert it with ffmpeg"
            );
        }
        if (count < 12 || !head[8..12].SequenceEqual("WAVE"u8))
            throw new InvalidFileException(
                path,
                8,
                count < 12 ? "the end of the file" : InputFile.FormatBytes(head[8..12]),
                "'WAVE'",
                "the file is damaged: download it again"
            );
        IsBigEndian = head[3] == (byte)'X';
        stream.Position = 12;
    }

    private void ReadChunks()
    {
        Span<byte> head = stackalloc byte[8];
        while (true)
        {
            var offset = stream.Position;
            var count = stream.ReadAtLeast(head, 8, throwOnEndOfStream: false);
            if (count < 8 && emptyDataChunks > 0 && Format.Bytes.Length > 0)
            {
                DataStart = stream.Length;
                DataBytes = 0;
                return;
            }
            if (count < 8)
                throw new InvalidFileException(
                    path,
                    offset,
                    "the end of the file",
                    Format.Bytes.Length == 0 ? "a 'fmt ' chunk" : "a 'data' chunk",
                    "the file is truncated: download it again"
                );
            var size = ReadNumber(head[4..]);
            switch (Encoding.Latin1.GetString(head[..4]))
            {
                case "data" when size == 0 && WavChunkOrder.IsKnownNext(stream):
                    emptyDataChunks++;
                    break;
                case "data":
                    LocateData(offset, size);
                    return;
                case "fmt ":
                    Format = (offset + 8, Read(offset, size, 16, 1 << 12));
                    break;
                case "ds64":
                    ds64DataBytes = (long)
                        Math.Min(
                            long.MaxValue,
                            BinaryPrimitives.ReadUInt64LittleEndian(Read(offset, size, 24, 1 << 20).AsSpan(8))
                        );
                    break;
            }
            stream.Position = WavChunkOrder.FindNext(stream, offset + 8, size);
        }
    }

    private void LocateData(long offset, uint size)
    {
        if (Format.Bytes.Length == 0)
            throw new InvalidFileException(
                path,
                offset,
                "samples before their format",
                "a preceding 'fmt ' chunk",
                "the file is damaged: download it again"
            );
        DataStart = offset + 8;
        var availableBytes = stream.Length - DataStart;
        var declaredBytes = size == InDs64 ? ds64DataBytes : size;
        var isUnknown =
            declaredBytes is not { } bytes
            || (bytes == 0 && availableBytes > 0)
            || (bytes > availableBytes && (bytes > MaxBytes || (size != InDs64 && StreamedSize.IsUnknown(size))));
        DataBytes = isUnknown ? null : declaredBytes;
    }

    // The format allows one, but editors and recorders that continue a file have written several.
    private void FindFurtherData()
    {
        if (emptyDataChunks > 0)
            Warning =
                emptyDataChunks == 1
                    ? "the first data chunk is empty: the second one is read"
                    : $"the first {emptyDataChunks} data chunks are empty: the one after them is read";
        if (DataBytes is not { } size || size > stream.Length - DataStart)
            return;
        Span<byte> head = stackalloc byte[8];
        var chunks = 0;
        long bytes = 0;
        var position = WavChunkOrder.FindNext(stream, DataStart, size);
        for (var i = 0; i < MaxFollowingChunks && position <= stream.Length - head.Length; i++)
        {
            stream.Position = position;
            stream.ReadExactly(head);
            if (!WavChunkOrder.IsName(head[..4]))
                break;
            var start = position + head.Length;
            var length = Math.Min(ReadNumber(head[4..]), stream.Length - start);
            if (head.StartsWith("data"u8) && length > 0)
            {
                chunks++;
                bytes += length;
            }
            position = WavChunkOrder.FindNext(stream, start, length);
        }
        Warning =
            chunks == 0 ? Warning
            : chunks == 1 ? $"a second data chunk of {bytes} bytes is not read"
            : $"{chunks} data chunks after the first, of {bytes} bytes in total, are not read";
    }

    private byte[] Read(long offset, uint size, int min, int max)
    {
        if (size < min || size > max || size > stream.Length - stream.Position)
            throw new InvalidFileException(
                path,
                offset + 4,
                $"a chunk of {size} bytes",
                $"{min} to {max} bytes within the file",
                "the file is damaged: download it again"
            );
        var bytes = new byte[size];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
