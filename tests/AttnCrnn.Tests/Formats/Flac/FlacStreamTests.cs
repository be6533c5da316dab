using System.Text;
using AttnCrnn.Audio;

namespace AttnCrnn.Tests.Formats.Flac;

/// <summary>Synthetic streams with headers, tags and frames that ffmpeg does not write.</summary>
public sealed class FlacStreamTests
{
    [Fact]
    public void Frames_of_any_size_are_ordered_by_their_first_samples()
    {
        var sound = SyntheticFlac.Sound(16, 70_000, 0);
        var bytes = FlacBuilder
            .Stream(SyntheticFlac.Rate, 1, 16, sound.Length, SyntheticFlac.Md5(16, [sound]))
            .ToList();
        var offset = 0;
        foreach (var size in (int[])[1, 17, 4_096, 5, 65_535, 346])
        {
            var part = sound[offset..(offset + size)];
            bytes.AddRange(
                FlacBuilder.Frame(
                    offset,
                    size,
                    0,
                    builder => builder.Subframe(part, 16, new(8, Parameter: 13)),
                    variable: true
                )
            );
            offset += size;
        }
        SyntheticFlac.AssertReads([.. bytes], 16, [sound]);
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
        var sound = SyntheticFlac.Sound(16, 1, 0);
        byte[] bytes =
        [
            .. FlacBuilder.Stream(SyntheticFlac.Rate, 1, 16, 2, null),
            .. new[] { number, number + 1 }.SelectMany(value =>
                FlacBuilder.Frame(value, 1, 0, builder => builder.Subframe(sound, 16, new(1)), variable: true)
            ),
        ];
        SyntheticFlac.AssertReads(
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
    public void Coded_sample_rates_are_read_and_contradictory_ones_left_to_ffmpeg(
        int rate,
        int code,
        int bits,
        int value
    )
    {
        var sound = SyntheticFlac.Sound(16, 64, 0);
        var frame = FlacBuilder.Frame(
            0,
            64,
            0,
            builder => builder.Subframe(sound, 16, new(1)),
            rate: (code, bits, value)
        );
        Assert.Equal(rate, SyntheticFlac.Read([.. FlacBuilder.Stream(rate, 1, 16, 64, null), .. frame])!.SampleRateHz);
        Assert.Null(SyntheticFlac.Read([.. FlacBuilder.Stream(rate + 1, 1, 16, 64, null), .. frame]));
        Assert.Null(SyntheticFlac.Read([.. FlacBuilder.Stream(rate, 2, 16, 64, null), .. frame]));
    }

    [Fact]
    public void Tags_before_within_and_after_the_stream_are_skipped()
    {
        var sound = SyntheticFlac.Sound(16, 64, 0);
        byte[] tag = [.. "ID3"u8, 4, 0, 0, 0, 0, 1, 2, .. new byte[130]];
        var stream = FlacBuilder.Stream(SyntheticFlac.Rate, 1, 16, 64, SyntheticFlac.Md5(16, [sound]));
        byte[] blocks = [4, 0, 0, 3, 1, 2, 3, 0x81, 0, 1, 0, .. new byte[256]]; // a comment, then the last: padding
        stream[4] = 0; // STREAMINFO is no longer the last block
        var frame = FlacBuilder.Frame(0, 64, 0, builder => builder.Subframe(sound, 16, new(1)));
        byte[] file = [.. tag, .. stream, .. blocks, .. frame];
        SyntheticFlac.AssertReads(file, 16, [sound]);
        SyntheticFlac.AssertReads([.. file, .. "TAG"u8, .. new byte[125]], 16, [sound]);
        SyntheticFlac.AssertReads([.. file, 0, 0, 0, 0], 16, [sound]);
        foreach (var name in (string[])["TAG", "APETAGEX"]) // also if the stream's length is unknown
            SyntheticFlac.AssertReads(
                [
                    .. FlacBuilder.Stream(SyntheticFlac.Rate, 1, 16, 0, null),
                    .. frame,
                    .. Encoding.ASCII.GetBytes(name),
                    .. new byte[125],
                ],
                16,
                [sound]
            );
        SyntheticFlac.WithFile(file, path => Assert.Equal(64, AudioReader.Read(path).Samples.Length));
    }

    [Fact]
    public void A_wrong_checksum_of_the_samples_causes_a_warning()
    {
        long[] samples = [1];
        var head = FlacBuilder.Stream(SyntheticFlac.Rate, 1, 16, 64, SyntheticFlac.Md5(16, [samples]));
        Assert.StartsWith(
            "the MD5 of the samples does not match",
            Warning([.. head, .. Frame(0)]),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(64, "128 samples, but 64 are declared; all were read")]
    [InlineData(200, "truncated: 72 of 200 samples are missing at the end")]
    public void A_wrong_sample_count_causes_a_warning(int declared, string warning) =>
        Assert.Equal(warning, Warning([.. Head(declared), .. Frame(0), .. Frame(1)]));

    [Fact]
    public void An_incomplete_last_frame_causes_a_warning() =>
        Assert.StartsWith(
            "truncated: the last frame is incomplete",
            Warning([.. Head(0), .. Frame(0), .. Frame(1)[..^1]]),
            StringComparison.Ordinal
        );

    [Fact]
    public void An_unknown_sample_count_causes_no_warning() =>
        Assert.Empty(SyntheticFlac.Read([.. Head(0), .. Frame(0), .. Frame(1)])!.Warnings);

    /// <param name="declared">Number of samples; 0: unknown.</param>
    private static byte[] Head(int declared) => FlacBuilder.Stream(SyntheticFlac.Rate, 1, 16, declared, null);

    private static byte[] Frame(int number) =>
        FlacBuilder.Frame(number, 64, 0, builder => builder.Subframe(SyntheticFlac.Sound(16, 64, 0), 16, new(1)));

    private static string Warning(byte[] bytes) => Assert.Single(SyntheticFlac.Read(bytes)!.Warnings).Text;
}
