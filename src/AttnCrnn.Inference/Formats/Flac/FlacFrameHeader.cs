using System.Numerics;

namespace AttnCrnn.Formats.Flac;

/// <summary>Stereo decorrelation of a frame.</summary>
internal enum FlacStereo
{
    Independent,
    LeftSide,
    SideRight,
    MidSide,
}

/// <summary>A frame header.</summary>
/// <param name="BlockSize">Samples per channel, 1 to 65535.</param>
/// <param name="SampleRateHz">Sample rate in Hz; 0 for the rate in STREAMINFO.</param>
/// <param name="Channels">Number of channels.</param>
/// <param name="Stereo">Stereo decorrelation.</param>
/// <param name="Bits">Bits per sample; 0 for the value in STREAMINFO.</param>
/// <param name="Number">Frame number with a fixed block size, otherwise the number of its first sample.</param>
/// <param name="NextNumber">Expected number of the next frame.</param>
internal readonly record struct FlacFrameHeader(
    int BlockSize,
    int SampleRateHz,
    int Channels,
    FlacStereo Stereo,
    int Bits,
    long Number,
    long NextNumber
)
{
    private const uint Sync = 0b111_1111_1111_1100;

    private static readonly int[] Rates =
    [
        0,
        88_200,
        176_400,
        192_000,
        8_000,
        16_000,
        22_050,
        24_000,
        32_000,
        44_100,
        48_000,
        96_000,
    ];
    private static readonly int[] Sizes = [0, 8, 12, -1, 16, 20, 24, 32];

    /// <summary>Reads a header.</summary>
    /// <returns>The error, or null if the header is valid.</returns>
    public static string? Read(ref FlacBitReader bits, out FlacFrameHeader header)
    {
        header = default;
        var start = bits.Byte;
        if (bits.Read(15) != Sync)
            return "no sync code";
        var isVariable = bits.Read(1) != 0;
        var blockCode = bits.Read(4);
        var rateCode = bits.Read(4);
        var channelCode = (int)bits.Read(4);
        var sizeCode = bits.Read(3);
        var reserved = bits.Read(1);
        if (ReadNumber(ref bits) is not { } number)
            return "a frame number with an invalid encoding";
        var blockSize = ReadBlockSize(ref bits, blockCode);
        var rate = ReadRate(ref bits, rateCode);
        var crc = FlacChecksum.Crc8(bits.GetBytesSince(start));
        if (bits.Read(8) != crc)
            return "a header whose CRC-8 is wrong";
        if (blockSize is 0 or > 65_535)
            return "a block size that is reserved";
        if (rate < 0)
            return "a sample rate that is reserved";
        if (channelCode > 10)
            return $"the channel code {channelCode}, which is reserved";
        if (Sizes[sizeCode] < 0 || reserved != 0)
            return "a sample size that is reserved";
        header = new(
            blockSize,
            rate,
            channelCode < 8 ? channelCode + 1 : 2,
            channelCode < 8 ? FlacStereo.Independent : (FlacStereo)(channelCode - 7),
            Sizes[sizeCode],
            number,
            number + (isVariable ? blockSize : 1)
        );
        return null;
    }

    /// <summary>Whether channels, sample rate and sample size match STREAMINFO.</summary>
    public bool IsConsistentWith(FlacStreamInfo info) =>
        Channels == info.Channels
        && (SampleRateHz == 0 || SampleRateHz == info.SampleRateHz)
        && (Bits == 0 || Bits == info.Bits);

    private static int ReadBlockSize(ref FlacBitReader bits, uint code) =>
        code switch
        {
            0 => 0,
            1 => 192,
            < 6 => 144 << (int)code,
            6 => (int)bits.Read(8) + 1,
            7 => (int)bits.Read(16) + 1,
            _ => 1 << (int)code,
        };

    private static int ReadRate(ref FlacBitReader bits, uint code) =>
        code switch
        {
            < 12 => Rates[code],
            12 => 1000 * (int)bits.Read(8),
            13 => (int)bits.Read(16),
            14 => 10 * (int)bits.Read(16),
            _ => -1,
        };

    // Coded like a UTF-8 character, extended to 7 bytes and 36 bits.
    private static long? ReadNumber(ref FlacBitReader bits)
    {
        var first = bits.Read(8);
        var bytes = BitOperations.LeadingZeroCount(~(first << 24));
        if (bytes is 1 or 8)
            return null;
        long number = first & (0x7F >> bytes);
        for (var i = 1; i < bytes; i++)
        {
            var next = bits.Read(8);
            if (next >> 6 != 0b10)
                return null;
            number = (number << 6) | (next & 0x3F);
        }
        return number;
    }
}
