using System.Numerics;

namespace AttnCrnn.Testing.Formats;

/// <summary>How to code a subframe.</summary>
/// <param name="Type">As coded in the stream: 0 constant, 1 verbatim, 8 to 12 fixed, 32 to 63 linear.</param>
/// <param name="Wasted">Wasted (zero) bits per sample.</param>
/// <param name="Parameter">Rice parameter; null: the escape code, with unencoded residuals.</param>
/// <param name="Method">0: 4-bit Rice parameters, 1: 5-bit.</param>
/// <param name="Partitions">Partition order: 2^order partitions.</param>
internal sealed record FlacCoding(
    int Type,
    int Wasted = 0,
    int? Parameter = null,
    int Method = 0,
    int Partitions = 0,
    int Precision = 10,
    int Shift = 6,
    long[]? Weights = null
)
{
    private static readonly long[][] Fixed =
    [
        [],
        [1],
        [2, -1],
        [3, -3, 1],
        [4, -6, 4, -1],
    ];

    /// <summary>Prediction coefficients, for the most recent sample first.</summary>
    public long[] Prediction => Type >= 32 ? Weights! : Fixed[Type - 8];
}

/// <summary>Writes FLAC streams bit by bit, from RFC 9639 and independently of the reader.</summary>
internal sealed class FlacBuilder
{
    private readonly List<byte> bytes = [];
    private int free; // unused bits of the last byte

    /// <summary>Prepends the marker and STREAMINFO to frames.</summary>
    public static byte[] Stream(int rate, int channels, int bits, long frames, byte[]? md5, params byte[][] blocks)
    {
        var builder = new FlacBuilder();
        builder.Bytes("fLaC"u8).Put(1, 1).Put(0, 7).Put(34, 24);
        builder.Put(16, 16).Put(65_535, 16).Put(0, 24).Put(0, 24);
        builder.Put(rate, 20).Put(channels - 1, 3).Put(bits - 1, 5).Put(frames, 36).Bytes(md5 ?? new byte[16]);
        foreach (var block in blocks)
            builder.Bytes(block);
        return [.. builder.bytes];
    }

    /// <summary>A frame with correct checksums.</summary>
    /// <param name="assignment">Channel count minus one, or 8 to 10 for left/side, side/right, mid/side.</param>
    /// <param name="size">Code of the bits per sample; 0: as in STREAMINFO.</param>
    /// <param name="rate">Code of the sample rate, and the bytes that follow it.</param>
    public static byte[] Frame(
        long number,
        int blockSize,
        int assignment,
        Action<FlacBuilder> subframes,
        bool variable = false,
        int size = 0,
        (int Code, int Bits, int Value) rate = default
    )
    {
        var builder = new FlacBuilder()
            .Put(0b111_1111_1111_1100, 15)
            .Put(variable ? 1 : 0, 1)
            .Put(7, 4)
            .Put(rate.Code, 4)
            .Put(assignment, 4)
            .Put(size, 3)
            .Put(0, 1);
        builder.Number(number).Put(blockSize - 1, 16).Put(rate.Value, rate.Bits);
        builder.Put(Crc(builder.bytes, 8, 0x07), 8);
        subframes(builder);
        builder.free = 0;
        return
        [
            .. builder.bytes,
            .. (byte[])[(byte)(Crc(builder.bytes, 16, 0x8005) >> 8), (byte)Crc(builder.bytes, 16, 0x8005)],
        ];
    }

    /// <summary>Writes a subframe.</summary>
    public FlacBuilder Subframe(long[] samples, int width, FlacCoding coding)
    {
        Put(0, 1).Put(coding.Type, 6).Put(coding.Wasted > 0 ? 1 : 0, 1);
        if (coding.Wasted > 0)
            Put(1, coding.Wasted);
        var used = samples.Select(sample => sample >> coding.Wasted).ToArray();
        width -= coding.Wasted;
        if (coding.Type == 0)
            return Put(used[0], width);
        if (coding.Type == 1)
            return Plain(used, width);
        var prediction = coding.Prediction;
        Plain(used[..prediction.Length], width);
        if (coding.Type >= 32)
        {
            Put(coding.Precision - 1, 4).Put(coding.Shift, 5);
            Plain(prediction, coding.Precision);
        }
        var shift = coding.Type >= 32 ? coding.Shift : 0;
        return Residual(
            [
                .. used.Select(
                    (sample, i) =>
                        i < prediction.Length
                            ? 0
                            : sample - (prediction.Select((weight, j) => weight * used[i - j - 1]).Sum() >> shift)
                ),
            ],
            prediction.Length,
            coding
        );
    }

    public FlacBuilder Put(long value, int count)
    {
        for (var bit = count - 1; bit >= 0; bit--)
        {
            if (free == 0)
            {
                bytes.Add(0);
                free = 8;
            }
            free--;
            bytes[^1] |= (byte)((bit > 63 ? 0 : (value >> bit) & 1) << free);
        }
        return this;
    }

    public FlacBuilder Bytes(ReadOnlySpan<byte> more)
    {
        foreach (var value in more)
            Put(value, 8);
        return this;
    }

    private FlacBuilder Plain(IEnumerable<long> values, int width)
    {
        foreach (var value in values)
            Put(value, width);
        return this;
    }

    private FlacBuilder Residual(long[] residuals, int order, FlacCoding coding)
    {
        Put(coding.Method, 2).Put(coding.Partitions, 4);
        var parameterBits = coding.Method == 0 ? 4 : 5;
        var size = residuals.Length >> coding.Partitions;
        for (var partition = 0; partition < 1 << coding.Partitions; partition++)
        {
            var part = residuals[(partition * size)..((partition + 1) * size)][(partition == 0 ? order : 0)..];
            Put(coding.Parameter ?? -1, parameterBits);
            if (coding.Parameter is { } parameter)
                foreach (var residual in part)
                    Rice((ulong)((residual << 1) ^ (residual >> 63)), parameter);
            else
            {
                var width = part.All(x => x == 0)
                    ? 0
                    : part.Max(x => 65 - BitOperations.LeadingZeroCount((ulong)(x ^ (x >> 63)))); // 0 bits: all are 0
                Put(width, 5).Plain(part, width);
            }
        }
        return this;
    }

    private void Rice(ulong code, int parameter) => Put(1, (int)(code >> parameter) + 1).Put((long)code, parameter);

    private FlacBuilder Number(long number)
    {
        if (number < 0x80)
            return Put(number, 8);
        var more = Enumerable.Range(1, 6).First(count => number < 1L << ((6 * count) + 6 - count));
        Put(0xFF, more + 1).Put(0, 1).Put(number >> (6 * more), 6 - more);
        for (var i = more - 1; i >= 0; i--)
            Put(0b10, 2).Put(number >> (6 * i), 6);
        return this;
    }

    private static int Crc(IEnumerable<byte> bytes, int width, int polynomial)
    {
        var crc = 0;
        foreach (var value in bytes)
        {
            crc ^= value << (width - 8);
            for (var bit = 0; bit < 8; bit++)
                crc = ((crc << 1) ^ (((crc >> (width - 1)) & 1) * polynomial)) & ((1 << width) - 1);
        }
        return crc;
    }
}
