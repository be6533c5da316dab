using System.Buffers.Binary;

namespace AttnCrnn.Formats.Containers;

/// <summary>ASF (WMA, WMV): the file properties have the size of the file, unless it was broadcast.</summary>
internal static class AsfLength
{
    private const int MaxObjects = 256;
    private const int FirstObject = 30; // in the header object
    private const int ObjectHeaderBytes = 24;
    private const int PropertiesBytes = 92;
    private const int FileSizeOffset = 40;
    private const int FlagsOffset = 88;
    private const uint Broadcast = 1;

    private static ReadOnlySpan<byte> FileProperties =>
        [0xA1, 0xDC, 0xAB, 0x8C, 0x47, 0xA9, 0xCF, 0x11, 0x8E, 0xE4, 0x00, 0xC0, 0x0C, 0x20, 0x53, 0x65];

    public static DeclaredLength Read(ContainerBytes bytes)
    {
        long start = FirstObject;
        for (var i = 0; i < MaxObjects; i++)
        {
            var header = bytes.Read(start, PropertiesBytes);
            if (header.Length < PropertiesBytes)
                break;
            if (header.StartsWith(FileProperties))
            {
                var size = BinaryPrimitives.ReadInt64LittleEndian(header[FileSizeOffset..]);
                var flags = BinaryPrimitives.ReadUInt32LittleEndian(header[FlagsOffset..]);
                return new() { Bytes = (flags & Broadcast) != 0 || size <= 0 ? null : size };
            }
            var objectBytes = BinaryPrimitives.ReadInt64LittleEndian(header[16..]);
            if (objectBytes < ObjectHeaderBytes || objectBytes > bytes.Length - start)
                break;
            start += objectBytes;
        }
        return new();
    }
}
