namespace AttnCrnn.Formats;

/// <summary>The CRC-32 of a zip archive's entries (PKWARE's APPNOTE.TXT, section 4.4.7; polynomial 0xEDB88320, reflected), which .NET's ZipArchive reads and does not check.</summary>
internal static class ZipChecksum
{
    private const int Strides = 8; // bytes a step, as in "slicing-by-8" (Kounavis and Berry 2005)

    private static readonly uint[][] Tables = Make();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= Strides; bytes = bytes[Strides..])
        {
            var (low, high) = (crc ^ System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes), System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]));
            crc = Tables[7][low & 255] ^ Tables[6][(low >> 8) & 255] ^ Tables[5][(low >> 16) & 255] ^ Tables[4][low >> 24]
                ^ Tables[3][high & 255] ^ Tables[2][(high >> 8) & 255] ^ Tables[1][(high >> 16) & 255] ^ Tables[0][high >> 24];
        }
        foreach (var value in bytes) crc = Tables[0][(crc ^ value) & 255] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[][] Make()
    {
        uint[][] tables = [.. Enumerable.Range(0, Strides).Select(_ => new uint[256])];
        for (var i = 0u; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            tables[0][i] = crc;
        }
        for (var stride = 1; stride < Strides; stride++)
            for (var i = 0; i < 256; i++) tables[stride][i] = tables[0][tables[stride - 1][i] & 255] ^ (tables[stride - 1][i] >> 8);
        return tables;
    }
}
