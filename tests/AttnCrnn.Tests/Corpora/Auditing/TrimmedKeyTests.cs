using AttnCrnn.Corpora.Auditing;

namespace AttnCrnn.Tests.Corpora.Auditing;

/// <summary>The key of equal recordings.</summary>
public sealed class TrimmedKeyTests
{
    private static readonly float[] Samples = SyntheticUtterances.Create(0);

    [Fact]
    public void Silence_at_the_ends_does_not_change_it() =>
        Assert.Equal(TrimmedKey.Compute(Samples), TrimmedKey.Compute([0, 1e-4f, .. Samples, -1e-4f, 0, 0]));

    [Fact]
    public void Every_sample_changes_it()
    {
        var keys = new HashSet<string> { TrimmedKey.Compute(Samples) };
        float[] changed = [.. Samples];
        for (var i = 8000; i < 8064; i++)
        {
            changed[i] += 1 / 32768f;
            Assert.True(keys.Add(TrimmedKey.Compute(changed)));
        }
        Assert.All(keys, key => Assert.Equal(32, key.Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void The_order_of_samples_changes_it(int distance)
    {
        float[] swapped = [.. Samples];
        (swapped[8000], swapped[8000 + distance]) = (Samples[8000 + distance], Samples[8000]);
        Assert.NotEqual(Samples[8000], Samples[8000 + distance]);
        Assert.NotEqual(TrimmedKey.Compute(Samples), TrimmedKey.Compute(swapped));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void The_last_samples_of_any_length_count(int length)
    {
        float[] samples = [.. Enumerable.Range(1, length).Select(i => i / 10f)];
        float[] other = [.. samples[..^1], 0.9f];
        Assert.NotEqual(TrimmedKey.Compute(samples), TrimmedKey.Compute(other));
    }

    [Fact]
    public void Silence_has_none()
    {
        Assert.Equal("", TrimmedKey.Compute([]));
        Assert.Equal("", TrimmedKey.Compute([0, 1e-4f, -1e-4f]));
    }
}
