using System.Buffers.Binary;
using System.Diagnostics;
using AttnCrnn.Audio;
using AttnCrnn.Formats.Flac;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.IntegrationTests.Formats.Flac;

/// <summary>Against ffmpeg: files that it encodes here, and recordings of RAVDESS.</summary>
[Requires("ffmpeg")]
public sealed class FlacFileTests
{
    [Fact]
    [Trait("Category", "Corpora")]
    public void Recordings_of_RAVDESS_are_decoded_bit_identically_to_ffmpeg()
    {
        var files = Directory
            .GetFiles(RealCorpora.Path("ravdess"), "*.flac", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .ToArray();
        foreach (var path in files.Where((_, i) => i % 97 == 0))
            AssertAsFfmpeg(path, []);
    }

    // Signal, channels, bits, rate, samples, and ffmpeg's encoder options.
    public static TheoryData<string, int, int, int, int, string> Encodings
    {
        get
        {
            var data = new TheoryData<string, int, int, int, int, string>();
            foreach (var level in (int[])[0, 1, 3, 5, 8, 12])
                data.Add("speech", 2, 16, 44_100, 20_000, $"-compression_level {level}");
            foreach (
                var rate in (int[])[8_000, 16_000, 22_050, 48_000, 88_200, 96_000, 176_400, 192_000, 12_345, 37_800]
            )
                data.Add("speech", 1, 16, rate, 10_000, "");
            foreach (var signal in (string[])["silence", "noise", "square"])
            foreach (var bits in (int[])[16, 24])
                data.Add(signal, 2, bits, 48_000, 10_000, "");
            foreach (var mode in (string[])["indep", "left_side", "right_side", "mid_side"])
                data.Add("speech", 2, 24, 48_000, 9_000, $"-ch_mode {mode}");
            foreach (var channels in (int[])[3, 6, 8])
                data.Add("speech", channels, 16, 16_000, 6_000, "");
            foreach (var samples in (int[])[1, 15, 16, 17, 33, 4_607, 4_608, 4_609])
                data.Add("speech", 1, 16, 16_000, samples, "");
            foreach (var size in (int[])[16, 192, 500, 4_096, 32_768])
                data.Add("speech", 1, 16, 16_000, 40_000, $"-frame_size {size}");
            data.Add(
                "speech",
                1,
                24,
                16_000,
                10_000,
                "-compression_level 12 -lpc_type cholesky -max_prediction_order 32 -prediction_order_method search"
            );
            data.Add("speech", 2, 16, 16_000, 10_000, "-lpc_type fixed -exact_rice_parameters 1");
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Files_encoded_by_ffmpeg_are_decoded_bit_identically(
        string signal,
        int channels,
        int bits,
        int rate,
        int samples,
        string encoderOptions
    )
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.flac");
        try
        {
            Encode(path, Signal(signal, channels, rate, samples), channels, bits, rate, encoderOptions);
            AssertAsFfmpeg(path, []);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(20)]
    [InlineData(24)]
    public void Sample_sizes_that_ffmpeg_cannot_encode_are_decoded_as_by_ffmpeg(int bits)
    {
        var sound = SyntheticFlac.Sound(bits, 900, 0);
        var frame = FlacBuilder.Frame(
            0,
            900,
            0,
            builder => builder.Subframe(sound, bits, new(10, Parameter: bits - 4, Method: 1)),
            size: Code(bits)
        );
        SyntheticFlac.WithFile([.. FlacBuilder.Stream(SyntheticFlac.Rate, 1, bits, 900, null), .. frame], path =>
            AssertAsFfmpeg(path, [])
        );
    }

    private static void AssertAsFfmpeg(string path, string[] warnings)
    {
        using var stream = File.OpenRead(path);
        Assert.True(FlacDecoder.IsFlac(stream));
        var actual = FlacDecoder.Read(path, stream);
        var expected = DecodeWithFfmpeg(path);
        Assert.NotNull(actual);
        Assert.Equal(
            (expected.SampleRateHz, expected.Channels, expected.SamplesPerChannel),
            (actual.SampleRateHz, actual.Channels, actual.SamplesPerChannel)
        );
        Assert.True(expected.Samples.AsSpan().SequenceEqual(actual.Samples), path);
        Assert.Equal(warnings, actual.Warnings.Select(warning => warning.Text));
    }

    private static WavAudio DecodeWithFfmpeg(string path)
    {
        using var input = AudioInput.Open(path, AudioLimits.None);
        using var decoder = FfmpegDecoder.Open(input, format: null, maxSamples: null, CancellationToken.None);
        return decoder.ReadAll(CancellationToken.None)!;
    }

    // [samples, channels], interleaved, 32 bits.
    private static byte[] Signal(string kind, int channels, int rate, int samples)
    {
        var random = new Random(1);
        var bytes = new byte[4 * channels * samples];
        for (var i = 0; i < channels * samples; i++)
        {
            var seconds = (double)(i / channels) / rate;
            var value = kind switch
            {
                "silence" => 0,
                "noise" => (random.NextDouble() * 2) - 1,
                "square" => Math.Sin(2 * Math.PI * 300 * seconds) < 0 ? -1 : 1,
                _ => (Math.Sin(2 * Math.PI * 440 * seconds) * 0.4)
                    + (Math.Sin((2 * Math.PI * 97 * seconds) + (i % channels)) * 0.2)
                    + ((random.NextDouble() - 0.5) * 0.02),
            };
            BinaryPrimitives.WriteInt32LittleEndian(
                bytes.AsSpan(4 * i),
                (int)Math.Clamp(value * int.MaxValue, int.MinValue, int.MaxValue)
            );
        }
        return bytes;
    }

    private static void Encode(string path, byte[] signal, int channels, int bits, int rate, string encoderOptions)
    {
        string[] arguments =
        [
            "-v",
            "fatal",
            "-f",
            "s32le",
            "-ar",
            $"{rate}",
            "-ac",
            $"{channels}",
            "-i",
            "pipe:0",
            "-c:a",
            "flac",
            "-sample_fmt",
            bits == 16 ? "s16" : "s32",
            "-bits_per_raw_sample",
            $"{bits}",
            "-strict",
            "experimental",
            .. encoderOptions.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            path,
        ];
        using var process = Process.Start(
            new ProcessStartInfo(FfmpegProcess.Find()!, arguments) { RedirectStandardInput = true }
        )!;
        process.StandardInput.BaseStream.Write(signal);
        process.StandardInput.Close();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static int Code(int bits) => Array.IndexOf([0, 8, 12, -1, 16, 20, 24, 32], bits);
}
