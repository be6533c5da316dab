using System.Text.Json;
using AttnCrnn.Evaluation.Statistics;

namespace AttnCrnn.Tests.Evaluation;

/// <summary>Against SciPy 1.17 where the fixtures have it, otherwise against enumeration.</summary>
public sealed class PairedTestsTests
{
    private const double Tolerance = 1e-9;

    [Fact]
    public void McNemars_test_matches_the_reference()
    {
        var expected = Statistics("mcnemar_exact");
        Assert.Equal(
            expected.GetProperty("p").GetDouble(),
            PairedTests.McNemar(expected.GetProperty("b").GetInt32(), expected.GetProperty("c").GetInt32()),
            Tolerance
        );
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(4, 4, 1)]
    [InlineData(0, 1, 1)]
    [InlineData(0, 5, 2 / 32.0)]
    [InlineData(5, 0, 2 / 32.0)]
    [InlineData(1, 3, 2 * 5 / 16.0)]
    public void McNemars_test_is_an_exact_binomial_test(int onlyFirst, int onlySecond, double expected) =>
        Assert.Equal(expected, PairedTests.McNemar(onlyFirst, onlySecond), Tolerance);

    [Fact]
    public void Wilcoxons_test_matches_SciPy()
    {
        var expected = Statistics("wilcoxon");
        Assert.Equal(
            expected.GetProperty("p").GetDouble(),
            PairedTests.Wilcoxon(Doubles(expected, "a"), Doubles(expected, "b")),
            Tolerance
        );
    }

    [Fact]
    public void Wilcoxons_test_enumerates_all_signs_of_tied_ranks()
    {
        double[] differences = [1, 1, -1, 2, 3, -3, 4];
        double[] ranks = [2, 2, 2, 4, 5.5, 5.5, 7];
        double observed = Math.Min(7.5, ranks.Sum() - 7.5);
        int asExtreme = Enumerable
            .Range(0, 1 << 7)
            .Count(signs => Enumerable.Range(0, 7).Sum(i => (signs >> i & 1) * ranks[i]) <= observed);
        Assert.Equal(2 * asExtreme / 128.0, PairedTests.Wilcoxon(differences, new double[7]), Tolerance);
    }

    [Fact]
    public void Wilcoxons_test_of_many_differences_is_normal_with_a_correction_for_ties()
    {
        // Sixty differences of sizes 1, 1, 2, 2, ... 30, 30: thirty ties of two; every third is negative.
        double[] differences = [.. Enumerable.Range(0, 60).Select(i => ((i / 2) + 1) * (i % 3 == 0 ? -1.0 : 1.0))];
        double negative = Enumerable.Range(0, 60).Where(i => i % 3 == 0).Sum(i => (2 * (i / 2)) + 1.5);
        double variance = (60 * 61 * 121 / 24.0) - (30 * (8 - 2) / 48.0);
        double z = (negative - (60 * 61 / 4.0)) / Math.Sqrt(variance);
        Assert.Equal(
            MathNet.Numerics.SpecialFunctions.Erfc(-z / Math.Sqrt(2)),
            PairedTests.Wilcoxon(differences, new double[60]),
            Tolerance
        );
    }

    [Fact]
    public void Wilcoxons_test_drops_zero_differences_and_rejects_unpaired_input()
    {
        Assert.Equal(1, PairedTests.Wilcoxon([0.5, 0.6], [0.5, 0.6]));
        Assert.Equal(PairedTests.Wilcoxon([1, 2, 3], [0, 0, 0]), PairedTests.Wilcoxon([1, 7, 2, 3], [0, 7, 0, 0]));
        Assert.Throws<ArgumentException>(() => PairedTests.Wilcoxon([1], [1, 2]));
        Assert.Throws<ArgumentException>(() => PairedTests.Wilcoxon([double.NaN], [1]));
    }

    [Fact]
    public void Wilsons_intervals_match_the_reference()
    {
        foreach (var expected in Statistics("wilson").EnumerateArray())
        {
            var interval = PairedTests.Wilson(
                expected.GetProperty("successes").GetInt32(),
                expected.GetProperty("n").GetInt32()
            );
            Assert.Equal(expected.GetProperty("low").GetDouble(), interval.Low, Tolerance);
            Assert.Equal(expected.GetProperty("high").GetDouble(), interval.High, Tolerance);
        }
        Assert.Equal(1, PairedTests.Wilson(10, 10).High);
    }

    [Fact]
    public void Holms_correction_matches_statsmodels()
    {
        // multipletests([0.01, 0.04, 0.03, 0.005], method="holm")
        double[] expected = [0.03, 0.06, 0.06, 0.02];
        double[] corrected = PairedTests.CorrectByHolm([0.01, 0.04, 0.03, 0.005]);
        Assert.All(expected.Zip(corrected), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
        Assert.Equal([1, 1], PairedTests.CorrectByHolm([0.9, 0.6]));
        Assert.Equal([0.2], PairedTests.CorrectByHolm([0.2]));
        Assert.Empty(PairedTests.CorrectByHolm([]));
    }

    private static double[] Doubles(JsonElement element, string key) =>
        [.. element.GetProperty(key).EnumerateArray().Select(value => value.GetDouble())];

    private static JsonElement Statistics(string name)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Fixtures.Path("metrics", "statistics.json")));
        return file.RootElement.GetProperty(name).Clone();
    }
}
