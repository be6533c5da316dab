using System.Numerics;
using System.Text.Json;
using AttnCrnn.Audio;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.Formats.Wav;
using MathNet.Numerics.IntegralTransforms;

namespace AttnCrnn.Tests.Audio;

/// <summary>Against libsndfile, FFmpeg and the SoX resampler (tests/fixtures/audio).</summary>
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
    public void Every_coding_gives_libsndfiles_samples(string name)
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
    public void Flac_gives_libsndfiles_samples(string extension)
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

    [Theory]
    [InlineData(2, null)] // first half: decoded as far as possible, with a warning
    [InlineData(20, "nothing that ffmpeg can decode")] // the header alone
    [Requires("ffmpeg")]
    public void A_truncated_recording_read_by_ffmpeg_is_reported(int probability, string? refusal)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.mp3");
        try
        {
            var whole = File.ReadAllBytes(Fixtures.Path("audio", "lossy.mp3"));
            File.WriteAllBytes(path, whole[..(whole.Length / probability)]);
            if (refusal is null)
                Assert.StartsWith(
                    "ffmpeg decoded it with a warning: ",
                    Assert.Single(AudioReader.Read(path).Warnings),
                    StringComparison.Ordinal
                );
            else
                Assert.Contains(
                    refusal,
                    Assert.Throws<InvalidFileException>(() => AudioReader.Read(path)).Message,
                    StringComparison.Ordinal
                );
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("lossy.mp3")]
    [InlineData("lossy.ogg")]
    [InlineData("lossy.opus")]
    [InlineData("lossy.m4a")]
    [InlineData("lossy.mp4")]
    [InlineData("lossy.flv")]
    [Requires("ffmpeg")]
    public void Lossy_containers_match_the_original_in_length_and_envelope(string name)
    {
        var original = AudioReader.Read(Fixtures.Path("audio", "stereo48k_pcm_16.wav")).Samples;
        var lossy = AudioReader.Read(Fixtures.Path("audio", name)).Samples;
        Assert.InRange(lossy.Length, original.Length - 100, original.Length + 2400); // encoders add up to a few frames
        Assert.InRange(Level(lossy) / Level(original), 0.8, 1.25);
        Assert.True(Enumerable.Range(-1600, 3201).Max(shift => Correlation(original, lossy, shift)) > 0.9);
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
        var before = GC.GetAllocatedBytesForCurrentThread();
        var fault = Assert.Throws<InvalidFileException>(() => AudioReader.Read(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
        Assert.Contains(path, fault.Message, StringComparison.Ordinal);
        if (name == "lfs_pointer.wav")
            Assert.Equal("a Git LFS pointer", fault.Found);
        if (name == "html_named_wav.wav")
            Assert.Equal("an HTML page", fault.Found);
        Assert.NotEmpty(fault.Remedy);
    }

    [Fact]
    public void Every_rejected_fixture_has_its_test() =>
        Assert.Equal(
            Directory.GetFiles(Fixtures.Path("audio", "refuse")).Select(Path.GetFileName).Order(),
            Refused.Select(row => row.Data).Order()
        );

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
            Assert.Equal("truncated: 4000 of 16000 samples are missing at the end", Assert.Single(waveform.Warnings));
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
        var ours = Resampler.Resample(fixture[$"sweep_{rate}"].ToSingles(), rate, 16_000);
        Assert.Equal(expected.Length, ours.Length);
        // The sweeps rise linearly to the Nyquist rate.
        var below = (int)(expected.Length * 0.85 * Math.Min(16_000, rate) / rate);
        var decibels = SignalOverError(expected[..below], ours[..below]);
        Assert.True(decibels >= 60, $"{decibels:0.0} dB");
    }

    [Fact]
    public void Speech_below_85_percent_of_Nyquist_is_within_60_dB_of_the_reference()
    {
        var fixture = NpzFile.Read(Fixtures.Path("audio", "resampled.npz"));
        var expected = fixture["speech_48000_to_16000"].ToSingles();
        var ours = Resampler.Resample(fixture["speech_48000"].ToSingles(), 48_000, 16_000);
        Assert.Equal(expected.Length, ours.Length);
        // The voice's fricatives reach beyond 8 kHz; above 7.3 kHz two low-pass filters differ in their roll-off.
        var decibels = SignalOverErrorBelow(0.85, expected, ours);
        Assert.True(decibels >= 60, $"{decibels:0.0} dB");
    }

    [Theory]
    [InlineData(48_000, 8_200)]
    [InlineData(48_000, 15_000)]
    [InlineData(44_100, 20_000)]
    public void Nothing_above_the_new_Nyquist_rate_folds_back(int rate, double hz)
    {
        var tone = Enumerable.Range(0, rate).Select(i => (float)Math.Sin(2 * Math.PI * hz * i / rate)).ToArray();
        var left = Resampler.Resample(tone, rate, 16_000)[1000..^1000];
        Assert.True(20 * Math.Log10(Level(left) / Level(tone)) < -80);
    }

    private static double Level(float[] samples) =>
        Math.Sqrt(samples.Sum(sample => (double)sample * sample) / samples.Length);

    private static double SignalOverError(float[] expected, float[] ours) =>
        10
        * Math.Log10(expected.Sum(x => (double)x * x) / expected.Zip(ours, (a, b) => (double)(a - b) * (a - b)).Sum());

    /// <param name="probability">Fraction of the Nyquist rate.</param>
    private static double SignalOverErrorBelow(double probability, float[] expected, float[] ours)
    {
        var bins = (int)(probability * expected.Length / 2);
        return 10 * Math.Log10(Energy(expected) / Energy([.. expected.Zip(ours, (a, b) => a - b)]));

        double Energy(float[] samples)
        {
            var spectrum = Array.ConvertAll(samples, sample => new Complex(sample, 0));
            Fourier.Forward(spectrum);
            return spectrum.Take(bins).Sum(bin => (bin * Complex.Conjugate(bin)).Real);
        }
    }

    private static double Correlation(float[] a, float[] b, int shift)
    {
        double ab = 0,
            aa = 0,
            bb = 0;
        for (var i = Math.Max(0, -shift); i < Math.Min(a.Length, b.Length - shift); i += 2)
        {
            ab += a[i] * b[i + shift];
            aa += a[i] * a[i];
            bb += b[i + shift] * b[i + shift];
        }
        return ab / Math.Sqrt(aa * bb);
    }
}
