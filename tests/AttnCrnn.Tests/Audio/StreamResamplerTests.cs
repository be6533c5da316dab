using AttnCrnn.Audio;

namespace AttnCrnn.Tests.Audio;

public sealed class StreamResamplerTests
{
    [Theory]
    [InlineData(8_000, 1)]
    [InlineData(8_000, 5_000)]
    [InlineData(11_025, 7_000)]
    [InlineData(44_100, 20)]
    [InlineData(44_100, 30_000)]
    [InlineData(48_000, 48_000)]
    [InlineData(96_000, 31_000)]
    [InlineData(15_999, 3_000)] // a ratio whose filter is computed on demand
    [InlineData(16_000, 3_000)]
    public void Chunks_of_any_lengths_give_the_bits_of_the_whole(int rate, int length)
    {
        var random = new Random(rate + length);
        var samples = Enumerable.Range(0, length).Select(_ => (float)random.NextDouble() - 0.5f).ToArray();
        var resampler = new StreamResampler(rate, 16_000);
        var output = new List<float>();
        for (var remainder = samples.AsSpan(); remainder.Length > 0; )
        {
            var chunk = Math.Min(remainder.Length, random.Next(1, 3000));
            output.AddRange(resampler.Append(remainder[..chunk]));
            remainder = remainder[chunk..];
        }
        output.AddRange(resampler.Complete());
        Assert.Equal(Resampler.Resample(samples, rate, 16_000), output);
    }

    [Fact]
    public void Output_follows_the_input_within_10_milliseconds()
    {
        var resampler = new StreamResampler(48_000, 16_000);
        Assert.InRange(resampler.Append(new float[48_000]).Length, 16_000 - 160, 16_000);
    }
}
