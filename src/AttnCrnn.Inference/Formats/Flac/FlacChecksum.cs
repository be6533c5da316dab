namespace AttnCrnn.Formats.Flac;

/// <summary>
/// FLAC checksums: CRC-8 of a frame header (polynomial 0x07) and CRC-16 of a frame (0x8005), both with initial value 0
/// and not reflected.
/// </summary>
internal static class FlacChecksum
{
    private const int Slices = 8;

    private static readonly byte[] Table8 =
    [
        .. Enumerable.Range(0, 256).Select(value => (byte)ComputeRemainder(value, 8, 0x07)),
    ];

    // [8, 256]: slicing-by-8 tables, the remainder of a byte followed by 0 to 7 bytes.
    private static readonly ushort[] Table16 = CreateTables();

    public static byte Crc8(ReadOnlySpan<byte> bytes)
    {
        byte crc = 0;
        foreach (var value in bytes)
            crc = Table8[crc ^ value];
        return crc;
    }

    public static ushort Crc16(ReadOnlySpan<byte> bytes)
    {
        var table = Table16.AsSpan(0, Slices * 256);
        var crc = 0;
        for (; bytes.Length >= Slices; bytes = bytes[Slices..])
        {
            crc =
                table[(7 << 8) | (bytes[0] ^ (crc >> 8))]
                ^ table[(6 << 8) | (bytes[1] ^ (crc & 0xFF))]
                ^ table[(5 << 8) | bytes[2]]
                ^ table[(4 << 8) | bytes[3]]
                ^ table[(3 << 8) | bytes[4]]
                ^ table[(2 << 8) | bytes[5]]
                ^ table[(1 << 8) | bytes[6]]
                ^ table[bytes[7]];
        }
        foreach (var value in bytes)
            crc = ((crc << 8) & 0xFFFF) ^ table[(crc >> 8) ^ value];
        return (ushort)crc;
    }

    private static ushort[] CreateTables()
    {
        var table = new ushort[Slices * 256];
        for (var value = 0; value < 256; value++)
        {
            var crc = ComputeRemainder(value << 8, 16, 0x8005);
            for (var slice = 0; slice < Slices; slice++)
            {
                table[(slice << 8) | value] = (ushort)crc;
                for (var bit = 0; bit < 8; bit++)
                    crc = Shift(crc, 16, 0x8005);
            }
        }
        return table;
    }

    private static int ComputeRemainder(int value, int width, int polynomial)
    {
        for (var bit = 0; bit < 8; bit++)
            value = Shift(value, width, polynomial);
        return value;
    }

    private static int Shift(int value, int width, int polynomial)
    {
        value <<= 1;
        return value >> width != 0 ? (value ^ polynomial) & ((1 << width) - 1) : value;
    }
}
