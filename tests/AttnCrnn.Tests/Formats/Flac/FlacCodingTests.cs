using CsCheck;

namespace AttnCrnn.Tests.Formats.Flac;

/// <summary>Synthetic subframes with features that ffmpeg does not write.</summary>
public sealed class FlacCodingTests
{
    public static TheoryData<int, int> WidthsAndChannels
    {
        get
        {
            var data = new TheoryData<int, int>();
            for (var bits = 4; bits <= 32; bits++)
                foreach (var assignment in (int[])[0, 1, 8, 9, 10])
                    data.Add(bits, assignment);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(WidthsAndChannels))]
    public void Every_sample_size_is_read_in_every_channel_assignment(int bits, int assignment)
    {
        var channels = assignment == 0 ? 1 : 2;
        var sound = Enumerable.Range(0, channels).Select(channel => SyntheticFlac.Sound(bits, 700, channel)).ToArray();
        foreach (var type in (int[])[1, 8, 10, 12])
        {
            var coding = new FlacCoding(type, Parameter: Math.Clamp(bits - 3, 0, 30), Method: 1);
            SyntheticFlac.AssertReads(SyntheticFlac.Stream(bits, assignment, sound, coding), bits, sound);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(11)]
    [InlineData(34)]
    public void Wasted_bits_are_decoded_as_zeros(int type)
    {
        for (var wasted = 1; wasted < 16; wasted++)
        {
            var sound = SyntheticFlac.Sound(16, 256, 0).Select(sample => sample >> wasted << wasted).ToArray();
            SyntheticFlac.AssertReads(
                SyntheticFlac.Stream(16, 0, [sound], new(type, wasted, Parameter: 4, Weights: [90, -40, 5])),
                16,
                [sound]
            );
            long[] constant = [.. Enumerable.Repeat(-1L << wasted, 256)];
            SyntheticFlac.AssertReads(SyntheticFlac.Stream(16, 0, [constant], new(0, wasted)), 16, [constant]);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Escaped_partitions_are_read_with_either_parameter_length(int method)
    {
        for (var partitions = 0; partitions < 6; partitions++)
            SyntheticFlac.AssertReads(
                SyntheticFlac.Stream(
                    16,
                    0,
                    [SyntheticFlac.Sound(16, 512, 0)],
                    new(10, Method: method, Partitions: partitions)
                ),
                16,
                [SyntheticFlac.Sound(16, 512, 0)]
            );
        long[] ramp = [.. Enumerable.Range(0, 512).Select(i => (long)i)]; // predicted exactly: residuals of 0 bits
        SyntheticFlac.AssertReads(
            SyntheticFlac.Stream(16, 0, [ramp], new(10, Method: method, Partitions: 3)),
            16,
            [ramp]
        );
    }

    [Fact]
    public void Linear_predictions_of_every_order_precision_and_shift_are_read() =>
        Gen.Select(Gen.Int[1, 32], Gen.Int[1, 15], Gen.Int[0, 15], Gen.Int[4, 32], Gen.Int[0, 1000])
            .Sample(
                (order, precision, shift, bits, seed) =>
                {
                    var random = new Random(seed);
                    long[] weights =
                    [
                        .. Enumerable
                            .Range(0, order)
                            .Select(_ => random.NextInt64(-(1L << (precision - 1)), 1L << (precision - 1))),
                    ];
                    long[] sound =
                    [
                        .. Enumerable.Range(0, 96).Select(_ => random.NextInt64(-(1L << (bits - 1)), 1L << (bits - 1))),
                    ];
                    var largest = (int)Math.Max(0, Math.Log2(order) + precision + bits - shift);
                    if (largest > 30)
                        return; // residuals of more than 32 bits are not allowed
                    SyntheticFlac.AssertReads(
                        SyntheticFlac.Stream(
                            bits,
                            0,
                            [sound],
                            new(31 + order, 0, Math.Max(0, largest - 2), 1, 0, precision, shift, weights)
                        ),
                        bits,
                        [sound]
                    );
                },
                iter: 300
            );
}
