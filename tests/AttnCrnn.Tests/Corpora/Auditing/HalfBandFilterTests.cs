using AttnCrnn.Corpora.Auditing;

namespace AttnCrnn.Tests.Corpora.Auditing;

/// <summary>The filter before the bands of a fingerprint.</summary>
public sealed class HalfBandFilterTests
{
    private const int Rate = 16_000;
    private const int Length = 4001; // odd: the last sample has no neighbor

    [Theory]
    [InlineData(300)]
    [InlineData(3000)]
    public void Tones_of_the_bands_pass(double hertz)
    {
        var filtered = Apply(CreateTone(hertz));
        for (var i = 20; i < filtered.Length - 20; i++) // away from the ends
            Assert.Equal(Math.Sin(2 * Math.PI * hertz * 2 * i / Rate), filtered[i], 2e-3);
    }

    [Theory]
    [InlineData(5000)] // would become 3000 Hz
    [InlineData(7500)]
    public void Tones_that_would_be_folded_into_the_bands_do_not(double hertz) =>
        Assert.All(Apply(CreateTone(hertz))[20..^20], sample => Assert.InRange(sample, -2e-3, 2e-3));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_recording_of_any_length_has_half_as_many_samples(int samples) =>
        Assert.Equal((samples + 1) / 2, Apply(new float[samples]).Length);

    private static float[] CreateTone(double hertz) =>
        [.. Enumerable.Range(0, Length).Select(i => (float)Math.Sin(2 * Math.PI * hertz * i / Rate))];

    private static float[] Apply(float[] samples)
    {
        var results = new float[HalfBandFilter.CountResults(samples.Length)];
        var scratch = new float[HalfBandFilter.CountScratch(samples.Length)];
        Array.Fill(scratch, float.NaN); // what a pool returns
        HalfBandFilter.Apply(samples, scratch, results);
        return results;
    }
}
