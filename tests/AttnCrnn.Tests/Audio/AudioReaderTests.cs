using System.Numerics;
using System.Text.Json;
using AttnCrnn.Audio;
using AttnCrnn.Formats;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.Formats.Wav;
using MathNet.Numerics.IntegralTransforms;

namespace AttnCrnn.Tests.Audio;

/// <summary>Against libsndfile and the SoX resampler (tests/fixtures/audio).</summary>
public sealed class AudioReaderTests
{
    public static TheoryData<string> Wavs =>
        new(
            "mono16k_pcm_u8.wav",
            "mono16k_pcm_16.wav",
            "mono16k_pcm_24.wav",
            "mono16k_pcm_32.wav",
            "mono16k_float.wav",
            "mono16k_double.wav",
            "mono16k_alaw.wav",
            "mono16k_ulaw.wav",
            "stereo48k_pcm_16.wav",
            "stereo44k_float.wav",
            "mono16k_extensible_24.wav",
            "mono8k_pcm_16.wav",
            "mono16k_rf64.wav",
            "odd_chunks.wav",
            "streamed_size_unknown.wav",
            "no_samples.wav",
            "digital_silence.wav",
            "has_nan.wav"
        );

    [Theory]
    [MemberData(nameof(Wavs))]
    public void Every_WAV_encoding_is_decoded_as_by_libsndfile(string name)
    {
        var expected = NpzFile.Read(Fixtures.Path("audio", "decoded.npz"))[name];
        using var about = JsonDocument.Parse(File.ReadAllText(Fixtures.Path("audio", "decoded.json")));
        var wav = WavFile.Read(Fixtures.Path("audio", name));
        Assert.Equal(about.RootElement.GetProperty(name).GetProperty("sample_rate").GetInt32(), wav.SampleRateHz);
        Assert.Equal(expected.Shape, [wav.SamplesPerChannel, wav.Channels]);
        Assert.Equal(expected.ToSingles(), wav.Samples);
        if (name == "has_nan.wav")
            Assert.True(wav.NonFiniteSampleCount > 0);
        else
            Assert.Equal((0, 0), (wav.NonFiniteSampleCount, wav.Warnings.Count));
    }

    [Fact]
    public void Every_fixture_has_its_test()
    {
        var files = Directory.GetFiles(Fixtures.Path("audio"), "*.wav").Select(Path.GetFileName).Order();
        Assert.Equal(files, Wavs.Select(row => row.Data).Order());
    }

    [Theory]
    [InlineData(".flac")]
    [InlineData(".wav")] // detected by content, not by extension
    public void FLAC_is_decoded_as_by_libsndfile(string extension)
    {
        var expected = NpzFile.Read(Fixtures.Path("audio", "decoded.npz"))["mono16k.flac"].ToSingles();
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}{extension}");
        try
        {
            File.Copy(Fixtures.Path("audio", "mono16k.flac"), path);
            var waveform = AudioReader.Read(path);
            Assert.Equal(expected, waveform.Samples);
            Assert.Empty(waveform.Warnings);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static TheoryData<string> Refused =>
        new(
            "empty.wav",
            "html_named_wav.wav",
            "lfs_pointer.wav",
            "no_data_chunk.wav",
            "truncated_header.wav",
            "unknown_codec.wav",
            "zero_channels.wav",
            "zero_sample_rate.wav"
        );

    [Theory]
    [MemberData(nameof(Refused))]
    public void Files_that_are_not_recordings_are_rejected_with_the_remedy(string name)
    {
        var path = Fixtures.Path("audio", "refuse", name);
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        var exception = Assert.Throws<InvalidFileException>(() =>
        {
            if (name == "unknown_codec.wav")
                _ = WavFile.Read(path); // ffmpeg would be asked
            else
                _ = AudioReader.Read(path);
        });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocatedBefore, 0, 8 << 20);
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetDirectoryName(path)!, exception.Problem, StringComparison.Ordinal);
        if (name == "lfs_pointer.wav")
            Assert.Equal("a Git LFS pointer", exception.Found);
        if (name == "html_named_wav.wav")
            Assert.Equal("an HTML page", exception.Found);
        Assert.NotEmpty(exception.Remedy);
    }

    [Fact]
    public void Every_rejected_fixture_has_its_test() =>
        Assert.Equal(
            Directory.GetFiles(Fixtures.Path("audio", "refuse")).Select(Path.GetFileName).Order(),
            Refused.Select(row => row.Data).Order()
        );

    [Theory]
    [InlineData(1, 15_999, "truncated: 1 of 16000 samples are missing at the end")]
    [InlineData(2, 15_999, "truncated: 1 of 16000 samples are missing at the end")]
    [InlineData(3, 15_998, "truncated: 2 of 16000 samples are missing at the end")]
    public void A_sample_of_which_a_byte_is_missing_is_counted(int bytes, int samples, string expected)
    {
        using var folder = new TempFolder();
        var path = folder.PathOf("a.wav");
        WavWriter.Write(path, new float[16_000], 16_000);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^bytes]);
        var waveform = AudioReader.Read(path);
        Assert.Equal(samples, waveform.Samples.Length);
        Assert.Equal(expected, Assert.Single(waveform.Warnings).Text);
    }

    [Fact]
    public void A_truncated_recording_is_read_as_far_as_possible_with_a_warning()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.wav");
        try
        {
            WavWriter.Write(path, new float[16_000], 16_000);
            File.WriteAllBytes(path, File.ReadAllBytes(path)[..^8_000]);
            var waveform = AudioReader.Read(path);
            Assert.Equal(12_000, waveform.Samples.Length);
            Assert.Equal(
                new(RecordingWarning.Truncated, "truncated: 4000 of 16000 samples are missing at the end"),
                Assert.Single(waveform.Warnings)
            );
            Assert.Equal(1600, AudioReader.Read(path, 0.1, 0.2).Samples.Length);
            Assert.Throws<InvalidFileException>(() => AudioReader.Read(path, 5));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(11025)]
    [InlineData(22050)]
    [InlineData(24000)]
    [InlineData(32000)]
    [InlineData(44100)]
    [InlineData(48000)]
    public void Sweeps_below_85_percent_of_Nyquist_are_within_60_dB_of_the_reference(int rate)
    {
        var fixture = NpzFile.Read(Fixtures.Path("audio", "resampled.npz"));
        var expected = fixture[$"sweep_{rate}_to_16000"].ToSingles();
        var actual = Resampler.Resample(fixture[$"sweep_{rate}"].ToSingles(), rate, 16_000);
        Assert.Equal(expected.Length, actual.Length);
        // The sweeps rise linearly to the Nyquist rate.
        var passbandLength = (int)(expected.Length * 0.85 * Math.Min(16_000, rate) / rate);
        var decibels = SignalOverError(expected[..passbandLength], actual[..passbandLength]);
        Assert.True(decibels >= 60, $"{decibels:0.0} dB");
    }

    [Fact]
    public void Speech_below_85_percent_of_Nyquist_is_within_60_dB_of_the_reference()
    {
        var fixture = NpzFile.Read(Fixtures.Path("audio", "resampled.npz"));
        var expected = fixture["speech_48000_to_16000"].ToSingles();
        var actual = Resampler.Resample(fixture["speech_48000"].ToSingles(), 48_000, 16_000);
        Assert.Equal(expected.Length, actual.Length);
        // The voice's fricatives reach beyond 8 kHz; above 7.3 kHz two low-pass filters differ in their roll-off.
        var decibels = SignalOverErrorBelow(0.85, expected, actual);
        Assert.True(decibels >= 60, $"{decibels:0.0} dB");
    }

    [Theory]
    [InlineData(48_000, 8_200)]
    [InlineData(48_000, 15_000)]
    [InlineData(44_100, 20_000)]
    public void Frequencies_above_the_new_Nyquist_rate_do_not_alias(int rate, double hz)
    {
        var tone = Enumerable.Range(0, rate).Select(i => (float)Math.Sin(2 * Math.PI * hz * i / rate)).ToArray();
        var output = Resampler.Resample(tone, rate, 16_000)[1000..^1000];
        Assert.True(20 * Math.Log10(RootMeanSquare(output) / RootMeanSquare(tone)) < -80);
    }

    private static double RootMeanSquare(float[] samples) =>
        Math.Sqrt(samples.Sum(sample => (double)sample * sample) / samples.Length);

    private static double SignalOverError(float[] expected, float[] actual) =>
        10
        * Math.Log10(
            expected.Sum(x => (double)x * x) / expected.Zip(actual, (a, b) => (double)(a - b) * (a - b)).Sum()
        );

    /// <param name="fraction">Fraction of the Nyquist rate.</param>
    private static double SignalOverErrorBelow(double fraction, float[] expected, float[] actual)
    {
        var bins = (int)(fraction * expected.Length / 2);
        return 10 * Math.Log10(Energy(expected) / Energy([.. expected.Zip(actual, (a, b) => a - b)]));

        double Energy(float[] samples)
        {
            var spectrum = Array.ConvertAll(samples, sample => new Complex(sample, 0));
            Fourier.Forward(spectrum);
            return spectrum.Take(bins).Sum(bin => (bin * Complex.Conjugate(bin)).Real);
        }
    }
}
