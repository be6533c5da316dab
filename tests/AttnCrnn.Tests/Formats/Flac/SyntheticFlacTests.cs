using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AttnCrnn.Audio;
using AttnCrnn.Formats.Flac;
using AttnCrnn.Formats.Wav;
using CsCheck;

namespace AttnCrnn.Tests.Formats.Flac;

/// <summary>Synthetic streams with features that ffmpeg does not write.</summary>
public sealed class SyntheticFlacTests
{
    private const int Rate = 16_000;

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
    public void Every_sample_size_reads_in_every_arrangement_of_channels(int bits, int assignment)
    {
        var channels = assignment == 0 ? 1 : 2;
        var sound = Enumerable.Range(0, channels).Select(channel => Sound(bits, 700, channel)).ToArray();
        foreach (var type in (int[])[1, 8, 10, 12])
        {
            var coding = new FlacCoding(type, Parameter: Math.Clamp(bits - 3, 0, 30), Method: 1);
            AssertReads(Stream(bits, assignment, sound, coding), bits, sound);
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(20)]
    [InlineData(24)]
    [Requires("ffmpeg")]
    public void Sample_sizes_that_ffmpeg_decodes_but_does_not_encode_have_its_samples(int bits)
    {
        var sound = Sound(bits, 900, 0);
        var frame = FlacMaker.Frame(
            0,
            900,
            0,
            maker => maker.Subframe(sound, bits, new(10, Parameter: bits - 4, Method: 1)),
            size: Code(bits)
        );
        WithFile([.. FlacMaker.Stream(Rate, 1, bits, 900, null), .. frame], path =>
            FlacFileTests.AssertAsFfmpeg(path, [])
        );
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
            var sound = Sound(16, 256, 0).Select(sample => sample >> wasted << wasted).ToArray();
            AssertReads(Stream(16, 0, [sound], new(type, wasted, Parameter: 4, Weights: [90, -40, 5])), 16, [sound]);
            long[] constant = [.. Enumerable.Repeat(-1L << wasted, 256)];
            AssertReads(Stream(16, 0, [constant], new(0, wasted)), 16, [constant]);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Partitions_of_plain_numbers_read_with_either_length_of_parameter(int method)
    {
        for (var partitions = 0; partitions < 6; partitions++)
            AssertReads(
                Stream(16, 0, [Sound(16, 512, 0)], new(10, Method: method, Partitions: partitions)),
                16,
                [Sound(16, 512, 0)]
            );
        long[] ramp = [.. Enumerable.Range(0, 512).Select(i => (long)i)]; // predicted exactly: residuals of 0 bits
        AssertReads(Stream(16, 0, [ramp], new(10, Method: method, Partitions: 3)), 16, [ramp]);
    }

    [Fact]
    public void Linear_predictions_read_in_every_order_precision_and_shift() =>
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
                    AssertReads(
                        Stream(
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

    [Fact]
    public void Frames_of_any_size_are_ordered_by_their_first_samples()
    {
        var sound = Sound(16, 70_000, 0);
        var bytes = FlacMaker.Stream(Rate, 1, 16, sound.Length, Md5(16, [sound])).ToList();
        var offset = 0;
        foreach (var size in (int[])[1, 17, 4_096, 5, 65_535, 346])
        {
            var part = sound[offset..(offset + size)];
            bytes.AddRange(
                FlacMaker.Frame(
                    offset,
                    size,
                    0,
                    maker => maker.Subframe(part, 16, new(8, Parameter: 13)),
                    variable: true
                )
            );
            offset += size;
        }
        AssertReads([.. bytes], 16, [sound]);
    }

    [Theory]
    [InlineData(0x7F)]
    [InlineData(0x80)]
    [InlineData(0x800)]
    [InlineData(0x1_0000)]
    [InlineData(0x20_0000)]
    [InlineData(0x400_0000)]
    [InlineData(0x8000_0000)]
    [InlineData(0xF_FFFF_FFFE)]
    public void A_stream_may_start_at_any_sample_number(long number)
    {
        var sound = Sound(16, 1, 0);
        byte[] bytes =
        [
            .. FlacMaker.Stream(Rate, 1, 16, 2, null),
            .. new[] { number, number + 1 }.SelectMany(each =>
                FlacMaker.Frame(each, 1, 0, maker => maker.Subframe(sound, 16, new(1)), variable: true)
            ),
        ];
        AssertReads(
            bytes,
            16,
            [
                [.. sound, .. sound],
            ]
        );
    }

    [Theory]
    [InlineData(88_200, 1, 0, 0)]
    [InlineData(176_400, 2, 0, 0)]
    [InlineData(192_000, 3, 0, 0)]
    [InlineData(8_000, 4, 0, 0)]
    [InlineData(16_000, 5, 0, 0)]
    [InlineData(22_050, 6, 0, 0)]
    [InlineData(24_000, 7, 0, 0)]
    [InlineData(32_000, 8, 0, 0)]
    [InlineData(44_100, 9, 0, 0)]
    [InlineData(48_000, 10, 0, 0)]
    [InlineData(96_000, 11, 0, 0)]
    [InlineData(12_000, 12, 8, 12)]
    [InlineData(12_345, 13, 16, 12_345)]
    [InlineData(384_000, 14, 16, 38_400)]
    public void Every_code_of_a_rate_is_that_rate_and_another_is_ffmpegs_to_convert(
        int rate,
        int code,
        int bits,
        int value
    )
    {
        var sound = Sound(16, 64, 0);
        var frame = FlacMaker.Frame(0, 64, 0, maker => maker.Subframe(sound, 16, new(1)), rate: (code, bits, value));
        Assert.Equal(rate, Read([.. FlacMaker.Stream(rate, 1, 16, 64, null), .. frame])!.SampleRateHz);
        Assert.Null(Read([.. FlacMaker.Stream(rate + 1, 1, 16, 64, null), .. frame]));
        Assert.Null(Read([.. FlacMaker.Stream(rate, 2, 16, 64, null), .. frame]));
    }

    [Fact]
    public void Tags_before_behind_and_between_are_passed_over()
    {
        var sound = Sound(16, 64, 0);
        byte[] tag = [.. "ID3"u8, 4, 0, 0, 0, 0, 1, 2, .. new byte[130]];
        var stream = FlacMaker.Stream(Rate, 1, 16, 64, Md5(16, [sound]));
        byte[] more = [4, 0, 0, 3, 1, 2, 3, 0x81, 0, 1, 0, .. new byte[256]]; // a comment, then the last: padding
        stream[4] = 0; // STREAMINFO is no longer the last block
        var frame = FlacMaker.Frame(0, 64, 0, maker => maker.Subframe(sound, 16, new(1)));
        byte[] whole = [.. tag, .. stream, .. more, .. frame];
        AssertReads(whole, 16, [sound]);
        AssertReads([.. whole, .. "TAG"u8, .. new byte[125]], 16, [sound]);
        AssertReads([.. whole, 0, 0, 0, 0], 16, [sound]);
        foreach (var name in (string[])["TAG", "APETAGEX"]) // also if the stream's length is unknown
            AssertReads(
                [
                    .. FlacMaker.Stream(Rate, 1, 16, 0, null),
                    .. frame,
                    .. Encoding.ASCII.GetBytes(name),
                    .. new byte[125],
                ],
                16,
                [sound]
            );
        WithFile(whole, path => Assert.Equal(64, AudioReader.Read(path).Samples.Length));
    }

    [Fact]
    public void A_header_that_contradicts_the_frames_is_a_warning()
    {
        var sound = Sound(16, 64, 0);
        var frame = FlacMaker.Frame(0, 64, 0, maker => maker.Subframe(sound, 16, new(1)));
        var next = FlacMaker.Frame(1, 64, 0, maker => maker.Subframe(sound, 16, new(1)));
        Assert.StartsWith(
            "the MD5 of the samples does not match",
            Warning([
                .. FlacMaker.Stream(
                    Rate,
                    1,
                    16,
                    64,
                    Md5(
                        16,
                        [
                            [1],
                        ]
                    )
                ),
                .. frame,
            ]),
            StringComparison.Ordinal
        );
        Assert.Equal(
            "128 samples, but 64 are declared; all were read",
            Warning([.. FlacMaker.Stream(Rate, 1, 16, 64, null), .. frame, .. next])
        );
        Assert.Equal(
            "cut off: 36 of 100 samples are missing at the end",
            Warning([.. FlacMaker.Stream(Rate, 1, 16, 100, null), .. frame])
        );
        Assert.StartsWith(
            "cut off: the last frame is incomplete",
            Warning([.. FlacMaker.Stream(Rate, 1, 16, 0, null), .. frame, .. next[..^1]]),
            StringComparison.Ordinal
        );
        Assert.Empty(Read([.. FlacMaker.Stream(Rate, 1, 16, 0, null), .. frame, .. next])!.Warnings);
    }

    private static string Warning(byte[] bytes) => Assert.Single(Read(bytes)!.Warnings);

    private static int Code(int bits) => Array.IndexOf([0, 8, 12, -1, 16, 20, 24, 32], bits);

    private static WavAudio? Read(byte[] bytes) => FlacDecoder.Read("made.flac", new MemoryStream(bytes));

    private static void AssertReads(byte[] bytes, int bits, long[][] sound)
    {
        var audio = Read(bytes)!;
        Assert.Equal((sound.Length, sound[0].Length), (audio.Channels, audio.Frames));
        Assert.Equal(
            Enumerable
                .Range(0, sound[0].Length)
                .SelectMany(i => sound.Select(channel => (float)(channel[i] / Math.Pow(2, bits - 1)))),
            audio.Samples
        );
        Assert.Empty(audio.Warnings);
    }

    private static byte[] Stream(int bits, int assignment, long[][] sound, FlacCoding coding)
    {
        var coded = Coded(sound, assignment);
        var frame = FlacMaker.Frame(0, sound[0].Length, assignment, maker =>
        {
            for (var i = 0; i < coded.Length; i++)
                maker.Subframe(
                    coded[i],
                    bits
                        + (
                            assignment == 9 ? 1 - i
                            : assignment > 7 ? i
                            : 0
                        ),
                    coding
                );
        });
        return [.. FlacMaker.Stream(Rate, sound.Length, bits, sound[0].Length, Md5(bits, sound)), .. frame];
    }

    private static long[][] Coded(long[][] sound, int assignment)
    {
        if (assignment < 8)
            return sound;
        var subset = sound[0].Zip(sound[1], (left, right) => left - right).ToArray();
        return assignment switch
        {
            8 => [sound[0], subset],
            9 => [subset, sound[1]],
            _ =>
            [
                [.. sound[0].Zip(sound[1], (left, right) => (left + right) >> 1)],
                subset,
            ],
        };
    }

    // Full scale: the side channel of 32-bit samples needs 33 bits.
    private static long[] Sound(int bits, int count, int channel)
    {
        var random = new Random(channel);
        var (min, max) = (-(1L << (bits - 1)), (1L << (bits - 1)) - 1);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                    i switch
                    {
                        5 => channel == 0 ? min : max,
                        6 => channel == 0 ? max : min,
                        _ => Math.Clamp(
                            (long)((Math.Sin(i * 0.05) * max * 0.8) + ((random.NextDouble() - 0.5) * max * 0.1)),
                            min,
                            max
                        ),
                    }
                ),
        ];
    }

    private static byte[] Md5(int bits, long[][] sound)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < sound[0].Length; i++)
            foreach (var channel in sound)
            {
                var sample = new byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(sample, channel[i]);
                bytes.AddRange(sample[..((bits + 7) / 8)]);
            }
#pragma warning disable CA5351 // MD5 is the format's checksum
        return MD5.HashData([.. bytes]);
#pragma warning restore CA5351
    }

    private static void WithFile(byte[] bytes, Action<string> test)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.flac");
        try
        {
            File.WriteAllBytes(path, bytes);
            test(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
