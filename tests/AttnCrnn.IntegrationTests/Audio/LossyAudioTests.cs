using AttnCrnn.Audio;
using AttnCrnn.Formats;

namespace AttnCrnn.IntegrationTests.Audio;

/// <summary>Recordings that ffmpeg decodes.</summary>
[Requires("ffmpeg")]
[Collection("ffmpeg")]
public sealed class LossyAudioTests
{
    [Theory]
    [InlineData(2, null)] // first half: decoded as far as possible, with warnings
    [InlineData(20, "nothing that ffmpeg can decode")] // the header alone
    public void A_truncated_recording_read_by_ffmpeg_is_reported(int divisor, string? found)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.mp3");
        try
        {
            var recording = File.ReadAllBytes(Fixtures.Path("audio", "lossy.mp3"));
            File.WriteAllBytes(path, recording[..(recording.Length / divisor)]);
            if (found is null)
                Assert.Equal(
                    [RecordingWarning.Truncated, RecordingWarning.Decoder],
                    AudioReader.Read(path).Warnings.Select(warning => warning.Name)
                );
            else
            {
                var exception = Assert.Throws<InvalidFileException>(() => AudioReader.Read(path));
                Assert.Contains(found, exception.Message, StringComparison.Ordinal);
                // ffmpeg names the file in its own messages.
                Assert.DoesNotContain(path, exception.Problem, StringComparison.Ordinal);
            }
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
    public void Lossy_containers_match_the_original_in_length_and_envelope(string name)
    {
        var original = AudioReader.Read(Fixtures.Path("audio", "stereo48k_pcm_16.wav")).Samples;
        var lossy = AudioReader.Read(Fixtures.Path("audio", name)).Samples;
        Assert.InRange(lossy.Length, original.Length - 100, original.Length + 2400); // encoders add up to a few frames
        Assert.InRange(RootMeanSquare(lossy) / RootMeanSquare(original), 0.8, 1.25);
        Assert.True(Enumerable.Range(-1600, 3201).Max(shift => Correlation(original, lossy, shift)) > 0.9);
    }

    [Theory]
    [InlineData("lossy.ogg")]
    [InlineData("lossy.flv")]
    [InlineData("lossy.mp3")] // ffmpeg needs its length to remove the encoder's padding at its end
    public void A_stream_through_ffmpeg_gives_the_bits_of_the_file(string name)
    {
        var path = Fixtures.Path("audio", name);
        var bytes = File.ReadAllBytes(path);
        using var pipe = new PipeStream(bytes);
        var expected = AudioReader.Read(path).Samples;
        Assert.Equal(expected, ReadBytes(bytes));
        Assert.Equal(
            expected,
            AudioReader.ReadStream(pipe, "upload", AudioLimits.None, CancellationToken.None).Samples
        );
    }

    [Fact]
    public void A_stream_that_ffmpeg_cannot_decode_is_rejected_by_its_name()
    {
        var exception = Assert.Throws<InvalidFileException>(() =>
            AudioReader.ReadBytes(new byte[1 << 20], "upload", AudioLimits.None, CancellationToken.None)
        );
        Assert.Equal("upload", exception.File);
        Assert.StartsWith("nothing that ffmpeg can decode", exception.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_and_limits_apply_to_what_ffmpeg_decodes()
    {
        var path = Fixtures.Path("audio", "lossy.mp3");
        var samples = AudioReader.Read(path).Samples;
        var windows = new AudioWindows(0.2, 0.2);
        // The first window ends the process early.
        Assert.Equal(samples[..3200], windows.Read(path, AudioLimits.None, CancellationToken.None).First().Samples);
        var second = windows.Read(path, AudioLimits.None, CancellationToken.None).ElementAt(1);
        Assert.Equal(samples[3200..6400], second.Samples);
        var limits = new AudioLimits { MaxSeconds = 0.3 };
        Assert.Throws<InvalidFileException>(() => AudioReader.Read(path, limits, CancellationToken.None));
    }

    private static float[] ReadBytes(byte[] bytes) =>
        AudioReader.ReadBytes(bytes, "upload", AudioLimits.None, CancellationToken.None).Samples;

    private static double RootMeanSquare(float[] samples) =>
        Math.Sqrt(samples.Sum(sample => (double)sample * sample) / samples.Length);

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
