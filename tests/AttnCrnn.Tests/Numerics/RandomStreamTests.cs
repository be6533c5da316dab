using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Simd;

namespace AttnCrnn.Tests.Numerics;

public sealed class RandomStreamTests
{
    /// <summary>Philox against the known-answer vectors of the authors' library, Random123 (kat_vectors).</summary>
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0UL, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(
        0xffffffffu,
        0xffffffffu,
        0xffffffffu,
        0xffffffffu,
        0xffffffffffffffffUL,
        0x408f276du,
        0x41c83b0eu,
        0xa20bc7c6u,
        0x6d5451fdu
    )]
    [InlineData(
        0x243f6a88u,
        0x85a308d3u,
        0x13198a2eu,
        0x03707344u,
        0x299f31d0a4093822UL,
        0xd16cfe09u,
        0x94fdccebu,
        0x5001e420u,
        0x24126ea1u
    )]
    public void Philox_matches_its_published_test_vectors(
        uint c0,
        uint c1,
        uint c2,
        uint c3,
        ulong key,
        uint w0,
        uint w1,
        uint w2,
        uint w3
    )
    {
        var words = new uint[4];
        Philox.FillBlock(words, c0, c1, c2, c3, key);
        Assert.Equal([w0, w1, w2, w3], words);
        var expected = new uint[128]; // the vectorized path
        Philox.Fill(expected, c0, c1, c2, c3, key);
        Assert.Equal([w0, w1, w2, w3], expected[..4]);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(60)]
    [InlineData(300)]
    public void Vectors_of_counters_have_the_words_of_single_counters(int words)
    {
        const uint first = 0xffffffe0; // the counter overflows
        var filled = new uint[words];
        Philox.Fill(filled, first, 1, 2, 3, 0x299f31d0a4093822UL);
        var block = new uint[4];
        for (var i = 0; i < words; i += 4)
        {
            Philox.FillBlock(block, unchecked(first + (uint)(i / 4)), 1, 2, 3, 0x299f31d0a4093822UL);
            Assert.Equal(block, filled[i..(i + 4)]);
        }
    }

    [Fact]
    public void A_random_number_depends_only_on_its_index()
    {
        var random = new RandomStream(7).AtStep(3, 11).ForStream(RandomStreamId.Noise, 5);
        var values = new float[1003];
        random.FillUniform(values);
        for (var i = 0; i < values.Length; i++)
            Assert.Equal(random.SampleUniform((ulong)i), values[i]);
        var fewer = new float[258];
        random.FillUniform(fewer);
        Assert.Equal(values[..258], fewer);
    }

    [Fact]
    public void Seed_epoch_step_purpose_and_index_each_change_the_draws()
    {
        RandomStream[] all =
        [
            new RandomStream(7).AtStep(3, 11).ForStream(RandomStreamId.Noise, 5),
            new RandomStream(8).AtStep(3, 11).ForStream(RandomStreamId.Noise, 5),
            new RandomStream(7).AtStep(4, 11).ForStream(RandomStreamId.Noise, 5),
            new RandomStream(7).AtStep(3, 12).ForStream(RandomStreamId.Noise, 5),
            new RandomStream(7).AtStep(3, 11).ForStream(RandomStreamId.MixUp, 5),
            new RandomStream(7).AtStep(3, 11).ForStream(RandomStreamId.Noise, 6),
        ];
        Assert.Equal(all.Length, all.Select(random => random.GetUInt32(0)).Distinct().Count());
        Assert.Equal(
            all[0],
            new RandomStream(7).ForStream(RandomStreamId.MixUp, 9).AtStep(3, 11).ForStream(RandomStreamId.Noise, 5)
        );
    }

    [Fact]
    public void Normal_numbers_are_the_normal_quantiles_of_the_words()
    {
        var random = new RandomStream(1);
        var normal = new float[100_000];
        random.FillNormal(normal);
        for (var i = 0; i < 2000; i++)
        {
            var u = ((random.GetUInt32((ulong)i) >> 8) + 0.5) / (1 << 24);
            var expected = MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, u);
            Assert.InRange(normal[i] - expected, -1e-5 * (1 + Math.Abs(expected)), 1e-5 * (1 + Math.Abs(expected)));
        }
        var mean = normal.Average(x => (double)x);
        Assert.InRange(mean, -0.015, 0.015); // 4.7 standard errors
        Assert.InRange(normal.Average(x => (x - mean) * (x - mean)), 0.98, 1.02);
        Assert.InRange(normal.Average(x => Math.Pow(x, 4)), 2.85, 3.15);
    }

    [Theory]
    [InlineData(0.2, 0.2)]
    [InlineData(0.001, 0.001)]
    [InlineData(1, 1)]
    [InlineData(2.5, 7)]
    [InlineData(10, 10)]
    public void Beta_numbers_have_the_mean_and_variance_of_the_distribution(double a, double b)
    {
        var random = new RandomStream(5).ForStream(RandomStreamId.MixUp);
        var values = Enumerable.Range(0, 20_000).Select(i => random.SampleBeta(a, b, (ulong)i)).ToArray();
        Assert.All(values, value => Assert.InRange(value, 0, 1));
        var (mean, variance) = (a / (a + b), a * b / ((a + b) * (a + b) * (a + b + 1)));
        Assert.InRange(values.Average() - mean, -5 * Math.Sqrt(variance / 20_000), 5 * Math.Sqrt(variance / 20_000));
        Assert.InRange(values.Average(x => (x - mean) * (x - mean)) / variance, 0.95, 1.05);
    }

    [Fact]
    public void Every_permutation_is_equally_frequent()
    {
        var counts = new Dictionary<string, int>();
        for (uint i = 0; i < 24_000; i++)
        {
            char[] items = ['a', 'b', 'c', 'd'];
            new RandomStream(2).ForStream(RandomStreamId.Shuffle, i).Shuffle<char>(items);
            var order = new string(items);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }
        Assert.Equal(24, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 840, 1160)); // 1000 ± 5 standard deviations
    }

    [Fact]
    public void Portable_functions_match_System_Math()
    {
        for (var i = -700; i <= 700; i++)
            AssertNear(Math.Exp(i * 0.93), PortableMath.Exp(i * 0.93));
        for (var i = -300; i <= 300; i++)
            AssertNear(Math.Log(Math.Pow(10, i) * 1.37), PortableMath.Log(Math.Pow(10, i) * 1.37));
        for (var i = 0; i <= 1000; i++)
            Assert.Equal(Math.Cos(2 * Math.PI * i / 1000), PortableMath.CosineOfTurns(i / 1000.0), 4e-15);

        static void AssertNear(double expected, double actual) =>
            Assert.InRange(actual, expected - (1e-14 * Math.Abs(expected)), expected + (1e-14 * Math.Abs(expected)));
    }
}
