using System.Numerics;

namespace AttnCrnn.Formats.Containers;

/// <summary>
/// Matroska and WebM: elements with their sizes (RFC 8794); writers to a pipe leave the outer ones open.
/// </summary>
internal static class MatroskaLength
{
    private const int MaxElements = 1 << 20;
    private const int MaxHeaderBytes = 12;
    private const uint Segment = 0x18538067;
    private const uint Cluster = 0x1F43B675;

    public static DeclaredLength Read(ContainerBytes bytes)
    {
        long start = 0;
        for (var i = 0; i < MaxElements; i++)
        {
            var header = bytes.Read(start, MaxHeaderBytes);
            if (!TryReadNumber(header, keepsMarker: true, out var id, out var idBytes) || idBytes > 4)
                break;
            if (!TryReadNumber(header[idBytes..], keepsMarker: false, out var size, out var sizeBytes))
                break;
            var content = start + idBytes + sizeBytes;
            var isUnknown = size == (1UL << (7 * sizeBytes)) - 1;
            if (isUnknown && id is not (Segment or Cluster))
                break;
            // What is in an open element is read as if it followed it.
            start = isUnknown ? content : content + (long)size;
            if (start > bytes.Length)
                return new() { Bytes = start };
        }
        return new();
    }

    // The number of leading zero bits of the first byte is the number of further bytes.
    private static bool TryReadNumber(ReadOnlySpan<byte> bytes, bool keepsMarker, out ulong value, out int count)
    {
        value = 0;
        count = bytes.IsEmpty ? 0 : BitOperations.LeadingZeroCount(bytes[0]) - 23;
        if (count is < 1 or > 8 || count > bytes.Length)
            return false;
        value = keepsMarker ? bytes[0] : bytes[0] & ((1UL << (8 - count)) - 1);
        foreach (var part in bytes[1..count])
            value = (value << 8) | part;
        return true;
    }
}
