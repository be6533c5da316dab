using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Formats;

namespace AttnCrnn.Tests.Corpora.Auditing;

/// <summary>Recordings whose length is an outlier among those of one origin.</summary>
public sealed class UnusualLengthsTests
{
    private const string Usual = "where the median is 3 s, and 1 to 9 s are usual";

    [Theory]
    [InlineData(0.9, $"unusual length: 0.9 s, {Usual}")]
    [InlineData(9.2, $"unusual length: 9.2 s, {Usual}")]
    public void Lengths_are_outliers_in_both_directions(double seconds, string message)
    {
        var (index, warning) = Assert.Single(Find([.. Similar(30), seconds]));
        Assert.Equal((30, AuditFindings.UnusualLength, message), (index, warning.Name, warning.Text));
    }

    [Theory]
    [InlineData(1.1)]
    [InlineData(8.8)] // less than three times the median, though no other is so long
    [InlineData(0.4)] // too_short
    [InlineData(31)] // very_long
    public void A_length_that_is_usual_or_has_another_finding_is_none(double seconds) =>
        Assert.Empty(Find([.. Similar(30), seconds]));

    [Fact]
    public void Where_lengths_differ_much_more_is_usual()
    {
        // Log-normal, as utterances of conversations: standard deviation 0.8, so that four of them are a factor of 25.
        var seconds = Enumerable.Range(1, 99).Select(i => 3 * Math.Exp(0.8 * Probit(i / 100.0)));
        Assert.Empty(Find([.. seconds, 0.6, 9.9]));
    }

    [Fact]
    public void Each_origin_has_its_own_usual_lengths()
    {
        double[] seconds = [.. Similar(30), .. Enumerable.Repeat(30.0, 30)];
        Assert.Empty(UnusualLengths.Find(seconds, [.. seconds.Select(length => length < 10 ? "words" : "scenes")]));
        Assert.Empty(Find(Similar(18).Append(9.5))); // too few to say what is usual
    }

    private static IEnumerable<double> Similar(int count) =>
        Enumerable.Range(0, count).Select(i => 3 + (0.1 * (i % 3 - 1)));

    private static List<(int Index, RecordingWarning Warning)> Find(IEnumerable<double> seconds)
    {
        double[] lengths = [.. seconds];
        return [.. UnusualLengths.Find(lengths, [.. lengths.Select(_ => "a")])];
    }

    private static double Probit(double probability) => MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, probability);
}
