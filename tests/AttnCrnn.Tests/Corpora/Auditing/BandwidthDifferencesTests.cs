using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Auditing;

namespace AttnCrnn.Tests.Corpora.Auditing;

/// <summary>Bandwidths of corpora and classes that differ.</summary>
public sealed class BandwidthDifferencesTests
{
    [Fact]
    public void Corpora_with_other_bandwidths_are_named_with_their_medians()
    {
        var finding = Assert.Single(Find(Clips("/data/phone", "x", 3400), Clips("RAVDESS", "x", 7900, 24_000)));
        Assert.Equal(AuditFindings.CorpusBandwidth, finding.Name);
        Assert.Equal(
            "corpora differ in bandwidth: phone 3.4 kHz, RAVDESS 8.0 kHz (medians, of up to 8 kHz)",
            finding.Message.ToString()
        );
        Assert.Equal("2 from 3.4 kHz to 8.0 kHz (medians, of up to 8 kHz)", finding.PublicDetail);
    }

    [Fact]
    public void Classes_of_one_corpus_with_other_bandwidths_are_named()
    {
        var finding = Assert.Single(Find(Clips("a", "happy", 7000), Clips("a", "sad", 4000), Clips("b", "sad", 6000)));
        Assert.Equal(AuditFindings.ClassBandwidth, finding.Name);
        Assert.StartsWith(
            "classes of a differ in bandwidth: sad 4.0 kHz, happy 7.0 kHz",
            finding.Message.ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Similar_bandwidths_and_those_above_what_encoders_hear_are_no_finding()
    {
        Assert.Empty(Find(Clips("a", "x", 6500), Clips("b", "x", 8000)));
        Assert.Empty(Find(Clips("a", "x", 8000), Clips("b", "x", 22_000)));
        Assert.Empty(Find(Clips("a", "x", 3400)[1..], Clips("b", "x", 8000))); // too few
    }

    private static AuditFinding[] Find(params ClipBandwidth[][] clips) =>
        [.. BandwidthDifferences.Find(clips.SelectMany(group => group))];

    // The smallest number that is compared; hertz alternate between the values.
    private static ClipBandwidth[] Clips(string origin, string label, params int[] hertz) =>
        [.. Enumerable.Range(1, 10).Select(i => new ClipBandwidth(origin, label, hertz[i % hertz.Length]))];
}
