using AttnCrnn.Formats.Flac;
using AttnCrnn.Formats.Wav;
using CsCheck;

namespace AttnCrnn.Tests.Formats.Flac;

/// <summary>
/// Damaged, truncated or malicious FLAC files: read as far as they are intact or rejected, in bounded memory.
/// </summary>
public sealed class HostileFlacTests
{
    private const int BlockSize = 512;
    private const int Frames = 6;
    private const int Channels = 2;

    private static readonly FlacCoding[] Codings =
    [
        new(1),
        new(10, 0, 6),
        new(33, 0, 6, Weights: [60, -3]),
        new(9, 0, null, 1, 2),
        new(40, 0, 7, 1, 1, Weights: [60, 1, 2, 3, -4, 5, -6, 1, 2]),
        new(12, 0, 9),
    ];

    private static readonly byte[] Head = FlacBuilder.Stream(16_000, Channels, 16, BlockSize * Frames, null);
    private static readonly byte[][] Parts = [Head, .. Enumerable.Range(0, Frames).Select(Frame)];
    private static readonly byte[] ValidFile = [.. Parts.SelectMany(part => part)];

    [Fact]
    public void A_truncated_file_gives_its_complete_frames_and_a_warning()
    {
        var samples = Read(ValidFile)!.Samples;
        for (var length = 0; length < ValidFile.Length; length++)
        {
            var completeSamples =
                Enumerable
                    .Range(1, Frames)
                    .TakeWhile(frames => Parts.Take(frames + 1).Sum(part => part.Length) <= length)
                    .Count() * BlockSize;
            if (completeSamples == 0)
            {
                Assert.NotEmpty(Assert.Throws<InvalidFileException>(() => Read(ValidFile[..length])).Remedy);
                continue;
            }
            var audio = Read(ValidFile[..length])!;
            Assert.Equal(samples[..(completeSamples * Channels)], audio.Samples);
            var total = BlockSize * Frames;
            Assert.Contains(
                $"{total - completeSamples} of {total} samples are missing at the end",
                Assert.Single(audio.Warnings).Text,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void A_flipped_bit_in_any_frame_but_the_last_is_rejected_at_that_frame()
    {
        for (var frame = 1; frame < Frames; frame++)
        {
            var start = Parts.Take(frame).Sum(part => part.Length);
            for (var bit = 0; bit < 8 * Parts[frame].Length; bit += 7)
            {
                var mutated = (byte[])ValidFile.Clone();
                mutated[start + (bit / 8)] ^= (byte)(1 << (bit % 8));
                var exception = Assert.Throws<InvalidFileException>(() => Read(mutated));
                Assert.InRange(exception.Offset ?? -1, start, ValidFile.Length);
                Assert.Contains("hostile.flac", exception.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_damaged_frame_that_exceeds_the_file_is_not_reported_as_truncation()
    {
        static byte[] silence(int number) =>
            FlacBuilder.Frame(number, BlockSize, 0, builder => builder.Subframe([0], 16, new(0)));
        var damagedFile = silence(1);
        damagedFile[8] = 2; // from constant to verbatim: 1 KiB instead of two bytes
        var exception = Assert.Throws<InvalidFileException>(() =>
            Read([
                .. FlacBuilder.Stream(16_000, 1, 16, 3 * BlockSize, null),
                .. silence(0),
                .. damagedFile,
                .. silence(2),
            ])
        );
        Assert.Equal("a frame that has no end", exception.Found);
        Assert.Equal(42 + silence(0).Length, exception.Offset);
    }

    [Fact]
    public void A_damaged_header_is_detected_by_its_checksum()
    {
        var mutated = (byte[])ValidFile.Clone();
        mutated[Head.Length + 6] ^= 1; // the block size
        Assert.Equal("a header whose CRC-8 is wrong", Assert.Throws<InvalidFileException>(() => Read(mutated)).Found);
    }

    [Fact]
    public void A_missing_frame_in_the_middle_is_rejected()
    {
        var exception = Assert.Throws<InvalidFileException>(() =>
            Read([.. Parts.Where((_, i) => i != 3).SelectMany(part => part)])
        );
        Assert.Contains(
            "found frame 3, expected frame 2 (512 of 3072 samples are missing)",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_mutated_or_truncated_file_is_read_or_rejected() =>
        Gen.Select(
                Gen.Select(Gen.OneOf(Gen.Int[0, 60], Gen.Int[0, ValidFile.Length - 1]), Gen.Byte).Array[1, 4],
                Gen.Int[0, 2 * ValidFile.Length]
            )
            .Sample(
                (changes, length) =>
                {
                    var mutated = (byte[])ValidFile.Clone();
                    foreach (var (offset, value) in changes)
                        mutated[offset] = value;
                    ReadOrReject(mutated[..Math.Min(length, mutated.Length)]);
                },
                iter: 20_000
            );

    // Damage that no checksum detects: the frame's checksums are computed after it.
    [Fact]
    public void Random_frames_with_valid_headers_are_read_or_rejected() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[0, 10], Gen.Int[1, 65_535], Gen.Int[0, 63], Gen.Int[4, 32])
            .Sample(
                (noise, assignment, blockSize, type, bits) =>
                    ReadOrReject([
                        .. FlacBuilder.Stream(16_000, assignment < 8 ? assignment + 1 : 2, bits, 0xF_FFFF_FFFF, null),
                        .. FlacBuilder.Frame(0, blockSize, assignment, builder =>
                            builder.AppendBits(0, 1).AppendBits(type, 6).AppendBits(0, 1).Bytes(noise)
                        ),
                    ]),
                iter: 20_000
            );

    [Fact]
    public void A_prediction_that_overflows_the_sample_size_is_rejected()
    {
        var frame = FlacBuilder.Frame(0, BlockSize, 0, builder =>
            builder.Subframe([.. Enumerable.Range(0, BlockSize).Select(i => 100L * i)], 16, new(10, 0, 6))
        );
        var exception = Assert.Throws<InvalidFileException>(() =>
            Read([.. FlacBuilder.Stream(16_000, 1, 16, BlockSize, null), .. frame])
        );
        Assert.Equal("a sample of more than 16 bits", exception.Found);
    }

    [Fact]
    public void Compressed_silence_takes_no_more_memory_than_its_samples()
    {
        byte[] frame(int i) =>
            FlacBuilder.Frame(i, 65_535, 7, builder =>
                Enumerable.Range(0, 8).ToList().ForEach(_ => builder.Subframe([0], 16, new(0)))
            );
        byte[] bomb =
        [
            .. FlacBuilder.Stream(16_000, 8, 16, 0xF_FFFF_FFFF, null),
            .. Enumerable.Range(0, 12).SelectMany(frame),
        ];
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        var audio = Read(bomb)!;
        Assert.Equal(12 * 65_535, audio.SamplesPerChannel);
        Assert.InRange(
            GC.GetAllocatedBytesForCurrentThread() - allocatedBefore,
            0,
            5L * sizeof(float) * audio.Samples.Length
        );
        Assert.StartsWith("truncated: ", Assert.Single(audio.Warnings).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancellation_stops_between_frames()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            FlacDecoder.Read("hostile.flac", new MemoryStream(ValidFile), cancelled.Token)
        );
    }

    private static byte[] Frame(int number)
    {
        var leftChannel = Enumerable
            .Range(0, BlockSize)
            .Select(i => (long)(Math.Sin((i + (number * BlockSize)) * 0.1) * 9000))
            .ToArray();
        var coding = Codings[number];
        return FlacBuilder.Frame(number, BlockSize, 8, builder =>
            builder
                .Subframe(leftChannel, 16, coding)
                .Subframe([.. leftChannel.Select(sample => sample / 9)], 17, coding)
        );
    }

    private static WavAudio? Read(byte[] bytes) => FlacDecoder.Read("hostile.flac", new MemoryStream(bytes));

    private static void ReadOrReject(byte[] bytes)
    {
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Assert.All(Read(bytes)?.Samples ?? [], sample => Assert.InRange(sample, -1, 1));
        }
        catch (InvalidInputException exception)
        {
            Assert.Contains("hostile.flac", exception.Message, StringComparison.Ordinal);
        }
        // One block of integers, its samples, and the assertions.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocatedBefore, 0, 16 << 20);
    }
}
