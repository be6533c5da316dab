using System.Buffers.Binary;

namespace AttnCrnn.Formats.Containers;

/// <summary>Flash video: tags, each followed by its size.</summary>
internal static class FlvLength
{
    private const int MaxTags = 1 << 20;
    private const int TagHeaderBytes = 11;
    private const int SizeBytes = 4;

    public static DeclaredLength Read(ContainerBytes bytes)
    {
        if (EndsWithTag(bytes))
            return new();
        // The sizes of the tags from the start tell whether it is the end that is missing.
        var start = BinaryPrimitives.ReadUInt32BigEndian(bytes.Read(5, 4)) + (long)SizeBytes;
        for (var i = 0; i < MaxTags; i++)
        {
            var header = bytes.Read(start, TagHeaderBytes);
            if (header.IsEmpty || !IsTag(header))
                break;
            if (header.Length < TagHeaderBytes)
                return new() { MissingEnd = "its last tag is incomplete" };
            start += TagHeaderBytes + GetContentBytes(header) + SizeBytes;
            if (start > bytes.Length)
                return new() { Bytes = start };
        }
        return new();
    }

    private static bool EndsWithTag(ContainerBytes bytes)
    {
        long size = BinaryPrimitives.ReadUInt32BigEndian(bytes.Read(bytes.Length - SizeBytes, SizeBytes));
        var header = bytes.Read(bytes.Length - SizeBytes - size, TagHeaderBytes);
        return header.Length == TagHeaderBytes && IsTag(header) && TagHeaderBytes + GetContentBytes(header) == size;
    }

    // Audio, video and data.
    private static bool IsTag(ReadOnlySpan<byte> header) => (header[0] & 0x1F) is 8 or 9 or 18;

    private static int GetContentBytes(ReadOnlySpan<byte> header) => (header[1] << 16) | (header[2] << 8) | header[3];
}
