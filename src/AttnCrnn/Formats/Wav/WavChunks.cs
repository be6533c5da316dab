using System.Buffers.Binary;
using System.Text;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.Wav;

/// <summary>Where a WAV file's format and samples stand.</summary>
internal sealed class WavChunks
{
    private const uint Unknown = 0xFFFFFFFF; // a size that the writer of a stream could not know, or that stands in ds64

    private readonly string path;
    private readonly Stream stream;
    private long? longData;

    /// <param name="stream">Seekable, at its beginning.</param>
    public WavChunks(string path, Stream stream)
    {
        this.path = path;
        this.stream = stream;
        ReadHeader();
        ReadChunks();
    }

    /// <summary>The fmt chunk, at least 16 bytes, and where it stands.</summary>
    public (long At, byte[] Bytes) Format { get; private set; } = (0, []);

    /// <summary>The first byte of the samples.</summary>
    public long DataStart { get; private set; }

    /// <summary>Bytes of samples that the file declares; null where it does not say.</summary>
    public long? DataBytes { get; private set; }

    private void ReadHeader()
    {
        Span<byte> head = stackalloc byte[256];
        var had = stream.ReadAtLeast(head, 256, throwOnEndOfStream: false);
        head = head[..had];
        var isRiff = head.StartsWith("RIFF"u8) || head.StartsWith("RF64"u8) || head.StartsWith("BW64"u8);
        if (!isRiff)
        {
            var other = InputFile.Recognize(head);
            throw new InvalidFileException(
                path,
                0,
                other?.Found ?? InputFile.Show(head[..Math.Min(4, had)]),
                "a WAV recording (RIFF or RF64)",
                other?.Remedy ?? "fetch the file again, or convert it with ffmpeg"
            );
        }
        if (had < 12 || !head[8..12].SequenceEqual("WAVE"u8))
            throw new InvalidFileException(
                path,
                8,
                had < 12 ? "the end of the file" : InputFile.Show(head[8..12]),
                "'WAVE'",
                "the file is damaged: fetch it again"
            );
        stream.Position = 12;
    }

    private void ReadChunks()
    {
        Span<byte> head = stackalloc byte[8];
        while (true)
        {
            var at = stream.Position;
            var had = stream.ReadAtLeast(head, 8, throwOnEndOfStream: false);
            if (had < 8)
                throw new InvalidFileException(
                    path,
                    at,
                    "the end of the file",
                    Format.Bytes.Length == 0 ? "a 'fmt ' chunk" : "a 'data' chunk",
                    "the file is cut off: fetch it again"
                );
            var size = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
            var name = Encoding.Latin1.GetString(head[..4]);
            switch (name)
            {
                case "data":
                    if (Format.Bytes.Length == 0)
                        throw new InvalidFileException(
                            path,
                            at,
                            "samples before their format",
                            "a 'fmt ' chunk first",
                            "the file is damaged: fetch it again"
                        );
                    DataStart = at + 8;
                    // Writers into a pipe leave the size open: all ones, or 0 although samples follow.
                    DataBytes =
                        size == Unknown ? longData
                        : size == 0 && stream.Length > DataStart ? null
                        : size;
                    return;
                case "fmt ":
                    Format = (at + 8, Read(at, size, 16, 1 << 12));
                    break;
                case "ds64":
                    longData = (long)
                        Math.Min(
                            long.MaxValue,
                            BinaryPrimitives.ReadUInt64LittleEndian(Read(at, size, 24, 1 << 20).AsSpan(8))
                        );
                    break;
            }
            stream.Position = Math.Min(stream.Length, at + 8 + size + (size & 1)); // chunks begin on even bytes
        }
    }

    private byte[] Read(long at, uint size, int min, int max)
    {
        if (size < min || size > max || size > stream.Length - stream.Position)
            throw new InvalidFileException(
                path,
                at + 4,
                $"a chunk of {size} bytes",
                $"{min} to {max} bytes within the file",
                "the file is damaged: fetch it again"
            );
        var bytes = new byte[size];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
