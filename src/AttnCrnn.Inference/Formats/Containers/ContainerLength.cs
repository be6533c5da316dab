using System.Buffers.Binary;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Formats.Containers;

/// <summary>
/// Finds out from the structure of a file whether its end is missing. Decoders read what is there, and say nothing.
/// Reads headers and the last bytes only.
/// </summary>
internal static class ContainerLength
{
    private const int HeadBytes = 256;

    /// <summary>What the file says about its length; empty for formats that do not tell.</summary>
    /// <param name="stream">Seekable; its position is 0 afterwards.</param>
    public static DeclaredLength Read(Stream stream)
    {
        var bytes = new ContainerBytes(stream);
        try
        {
            return Read(bytes, bytes.Read(0, HeadBytes).ToArray(), stream);
        }
        finally
        {
            stream.Position = 0;
        }
    }

    private static DeclaredLength Read(ContainerBytes bytes, byte[] head, Stream stream) =>
        head.Length < HeadBytes / 4 ? new()
        : WavFile.HasRiffName(head) ? ReadRiff(bytes, head, stream)
        : StartsWith(head, 0, "FORM"u8) ? ReadChunks(bytes, 12, ChunkFormat.Aiff)
        : StartsWith(head, 0, "caff"u8) ? ReadChunks(bytes, 8, ChunkFormat.Caf)
        : StartsWith(head, 0, [.. "riff"u8, 0x2E, 0x91, 0xCF, 0x11]) ? ReadChunks(bytes, 40, ChunkFormat.Wave64)
        : IsIsoMedia(head) ? ReadChunks(bytes, 0, ChunkFormat.IsoMedia)
        : StartsWith(head, 0, "wvpk"u8) ? ReadChunks(bytes, 0, ChunkFormat.WavPack)
        : StartsWith(head, 0, "Creative Voice File"u8) ? ReadChunks(bytes, ReadUInt16(head, 20), ChunkFormat.Voc)
        : StartsWith(head, 0, ".snd"u8) ? ReadAu(head)
        : StartsWith(head, 0, "TTA1"u8) ? ReadTta(head)
        : StartsWith(head, 0, "NIST_1A"u8) ? SphereLength.Read(bytes)
        : StartsWith(head, 0, "OggS"u8) ? OggLength.Read(bytes)
        : StartsWith(head, 0, [0x1A, 0x45, 0xDF, 0xA3]) ? MatroskaLength.Read(bytes)
        : StartsWith(head, 0, [0x30, 0x26, 0xB2, 0x75]) ? AsfLength.Read(bytes)
        : StartsWith(head, 0, "FLV"u8) ? FlvLength.Read(bytes)
        : FindPacketBytes(head) is { } packetBytes ? ReadPackets(bytes, packetBytes)
        : MpegAudioLength.Read(bytes);

    private static DeclaredLength ReadRiff(ContainerBytes bytes, byte[] head, Stream stream)
    {
        if (!StartsWith(head, 8, "WAVE"u8))
            return ReadChunks(bytes, 0, ChunkFormat.Riff);
        try
        {
            stream.Position = 0;
            var chunks = new WavChunks("", stream);
            return new() { Bytes = chunks.DataStart + chunks.DataBytes };
        }
        catch (InvalidFileException)
        {
            return new(); // its decoder says why it cannot be read
        }
    }

    private static DeclaredLength ReadChunks(ContainerBytes bytes, long start, ChunkFormat format) =>
        new() { Bytes = format.FindMissingEnd(bytes, start) };

    // The size is all ones if the writer did not know it.
    private static DeclaredLength ReadAu(byte[] head)
    {
        var start = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(4));
        var size = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(8));
        return new() { Bytes = StreamedSize.IsUnknown(size) ? null : (long)start + size };
    }

    private static DeclaredLength ReadTta(byte[] head)
    {
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(10));
        var samples = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(14));
        return new() { Seconds = rate == 0 ? null : (double)samples / rate };
    }

    private static DeclaredLength ReadPackets(ContainerBytes bytes, int packetBytes) =>
        new() { MissingEnd = bytes.Length % packetBytes == 0 ? null : "its last packet is incomplete" };

    // MPEG transport streams: packets of 188 bytes, or of 192 with times.
    private static int? FindPacketBytes(byte[] head)
    {
        const byte sync = 0x47;
        const int packet = 188;
        const int timedPacket = 192;
        return head.Length < HeadBytes ? null
            : head[0] == sync && head[packet] == sync ? packet
            : head[4] == sync && head[timedPacket + 4] == sync ? timedPacket
            : null;
    }

    private static bool IsIsoMedia(byte[] head) =>
        StartsWith(head, 4, "ftyp"u8)
        || StartsWith(head, 4, "moov"u8)
        || StartsWith(head, 4, "mdat"u8)
        || StartsWith(head, 4, "wide"u8);

    private static int ReadUInt16(byte[] head, int offset) =>
        BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(offset));

    private static bool StartsWith(byte[] head, int offset, ReadOnlySpan<byte> bytes) =>
        head.AsSpan(offset).StartsWith(bytes);
}
