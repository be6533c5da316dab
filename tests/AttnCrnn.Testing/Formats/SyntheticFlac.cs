using System.Buffers.Binary;
using System.Security.Cryptography;
using AttnCrnn.Formats.Flac;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Testing.Formats;

/// <summary>Synthetic samples, FLAC streams of them, and the assertion that they are read.</summary>
internal static class SyntheticFlac
{
    public const int Rate = 16_000;

    /// <summary>Reads a stream under a name.</summary>
    public static WavAudio? Read(byte[] bytes) => FlacDecoder.Read("made.flac", new MemoryStream(bytes));

    /// <summary>Asserts that a stream reads as the samples, without a warning.</summary>
    public static void AssertReads(byte[] bytes, int bits, long[][] sound)
    {
        var audio = Read(bytes)!;
        Assert.Equal((sound.Length, sound[0].Length), (audio.Channels, audio.SamplesPerChannel));
        Assert.Equal(
            Enumerable
                .Range(0, sound[0].Length)
                .SelectMany(i => sound.Select(channel => (float)(channel[i] / Math.Pow(2, bits - 1)))),
            audio.Samples
        );
        Assert.Empty(audio.Warnings);
    }

    /// <summary>A stream of one frame.</summary>
    public static byte[] Stream(int bits, int assignment, long[][] sound, FlacCoding coding)
    {
        var coded = Decorrelate(sound, assignment);
        var frame = FlacBuilder.Frame(0, sound[0].Length, assignment, builder =>
        {
            for (var i = 0; i < coded.Length; i++)
                builder.Subframe(
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
        return [.. FlacBuilder.Stream(Rate, sound.Length, bits, sound[0].Length, Md5(bits, sound)), .. frame];
    }

    private static long[][] Decorrelate(long[][] sound, int assignment)
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
    public static long[] Sound(int bits, int count, int channel)
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

    /// <summary>The MD5 checksum of the samples, as stored in STREAMINFO.</summary>
    public static byte[] Md5(int bits, long[][] sound)
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

    /// <summary>Runs a test on a temporary file.</summary>
    public static void WithFile(byte[] bytes, Action<string> test)
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
