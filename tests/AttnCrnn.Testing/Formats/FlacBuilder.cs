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
        builder.Bytes("fLaC"u8).AppendBits(1, 1).AppendBits(0, 7).AppendBits(34, 24);
        builder.AppendBits(16, 16).AppendBits(65_535, 16).AppendBits(0, 24).AppendBits(0, 24);
        builder
            .AppendBits(rate, 20)
            .AppendBits(channels - 1, 3)
            .AppendBits(bits - 1, 5)
            .AppendBits(frames, 36)
            .Bytes(md5 ?? new byte[16]);
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
            .AppendBits(0b111_1111_1111_1100, 15)
            .AppendBits(variable ? 1 : 0, 1)
            .AppendBits(7, 4)
            .AppendBits(rate.Code, 4)
            .AppendBits(assignment, 4)
            .AppendBits(size, 3)
            .AppendBits(0, 1);
        builder.Number(number).AppendBits(blockSize - 1, 16).AppendBits(rate.Value, rate.Bits);
        builder.AppendBits(Crc(builder.bytes, 8, 0x07), 8);
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
        AppendBits(0, 1).AppendBits(coding.Type, 6).AppendBits(coding.Wasted > 0 ? 1 : 0, 1);
        if (coding.Wasted > 0)
            AppendBits(1, coding.Wasted);
        var shifted = samples.Select(sample => sample >> coding.Wasted).ToArray();
        width -= coding.Wasted;
        if (coding.Type == 0)
            return AppendBits(shifted[0], width);
        if (coding.Type == 1)
            return AppendValues(shifted, width);
        var prediction = coding.Prediction;
        AppendValues(shifted[..prediction.Length], width);
        if (coding.Type >= 32)
        {
            AppendBits(coding.Precision - 1, 4).AppendBits(coding.Shift, 5);
            AppendValues(prediction, coding.Precision);
        }
        var shift = coding.Type >= 32 ? coding.Shift : 0;
        return Residual(
            [
                .. shifted.Select(
                    (sample, i) =>
                        i < prediction.Length
                            ? 0
                            : sample - (prediction.Select((weight, j) => weight * shifted[i - j - 1]).Sum() >> shift)
                ),
            ],
            prediction.Length,
            coding
        );
    }

    public FlacBuilder AppendBits(long value, int count)
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

    public FlacBuilder Bytes(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            AppendBits(value, 8);
        return this;
    }

    private FlacBuilder AppendValues(IEnumerable<long> values, int width)
    {
        foreach (var value in values)
            AppendBits(value, width);
        return this;
    }

    private FlacBuilder Residual(long[] residuals, int order, FlacCoding coding)
    {
        AppendBits(coding.Method, 2).AppendBits(coding.Partitions, 4);
        var parameterBits = coding.Method == 0 ? 4 : 5;
        var size = residuals.Length >> coding.Partitions;
        for (var partition = 0; partition < 1 << coding.Partitions; partition++)
        {
            var part = residuals[(partition * size)..((partition + 1) * size)][(partition == 0 ? order : 0)..];
            AppendBits(coding.Parameter ?? -1, parameterBits);
            if (coding.Parameter is { } parameter)
                foreach (var residual in part)
                    Rice((ulong)((residual << 1) ^ (residual >> 63)), parameter);
            else
            {
                var width = part.All(x => x == 0)
                    ? 0
                    : part.Max(x => 65 - BitOperations.LeadingZeroCount((ulong)(x ^ (x >> 63)))); // 0 bits: all are 0
                AppendBits(width, 5).AppendValues(part, width);
            }
        }
        return this;
    }

    private void Rice(ulong code, int parameter) =>
        AppendBits(1, (int)(code >> parameter) + 1).AppendBits((long)code, parameter);

    private FlacBuilder Number(long number)
    {
        if (number < 0x80)
            return AppendBits(number, 8);
        var extraBytes = Enumerable.Range(1, 6).First(count => number < 1L << ((6 * count) + 6 - count));
        AppendBits(0xFF, extraBytes + 1).AppendBits(0, 1).AppendBits(number >> (6 * extraBytes), 6 - extraBytes);
        for (var i = extraBytes - 1; i >= 0; i--)
            AppendBits(0b10, 2).AppendBits(number >> (6 * i), 6);
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
