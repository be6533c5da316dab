using AttnCrnn.Audio;

namespace AttnCrnn.IntegrationTests.Audio;

/// <summary>Recordings that ffmpeg decodes.</summary>
[Requires("ffmpeg")]
public sealed class LossyAudioTests
{
    [Theory]
    [InlineData(2, null)] // first half: decoded as far as possible, with a warning
    [InlineData(20, "nothing that ffmpeg can decode")] // the header alone
    public void A_truncated_recording_read_by_ffmpeg_is_reported(int divisor, string? found)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.mp3");
        try
        {
            var recording = File.ReadAllBytes(Fixtures.Path("audio", "lossy.mp3"));
            File.WriteAllBytes(path, recording[..(recording.Length / divisor)]);
            if (found is null)
                Assert.StartsWith(
                    "ffmpeg decoded it with a warning: ",
                    Assert.Single(AudioReader.Read(path).Warnings),
                    StringComparison.Ordinal
                );
            else
                Assert.Contains(
                    found,
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
    public void Lossy_containers_match_the_original_in_length_and_envelope(string name)
    {
        var original = AudioReader.Read(Fixtures.Path("audio", "stereo48k_pcm_16.wav")).Samples;
        var lossy = AudioReader.Read(Fixtures.Path("audio", name)).Samples;
        Assert.InRange(lossy.Length, original.Length - 100, original.Length + 2400); // encoders add up to a few frames
        Assert.InRange(RootMeanSquare(lossy) / RootMeanSquare(original), 0.8, 1.25);
        Assert.True(Enumerable.Range(-1600, 3201).Max(shift => Correlation(original, lossy, shift)) > 0.9);
    }

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
