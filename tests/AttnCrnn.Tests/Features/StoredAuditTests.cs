using AttnCrnn.Audio;
using AttnCrnn.Corpora;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Tests.Features;

/// <summary>What an extraction stores of its audit beside the frames.</summary>
public sealed class StoredAuditTests : IDisposable
{
    private const int AuditColumns = 2; // the last of an index

    private readonly TempFolder folder = new();
    private readonly Clip[] clips;

    public StoredAuditTests()
    {
        var samples = SyntheticUtterances.Create(0);
        clips = [Write("a.wav", samples), Write("b.wav", SyntheticUtterances.Create(1))];
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_clip_has_its_fingerprint_and_findings()
    {
        clips[1] = Write("b.wav", [.. SyntheticUtterances.Create(1).Select(sample => (sample / 2) + 0.03f)]);
        Assert.Equal(2, Extract().Written);
        using var store = FeatureStore.Open([Store]);
        Assert.All(store.Clips, clip => Assert.NotNull(clip.Fingerprint));
        Assert.Equal(["", "dc_offset"], store.Clips.Select(clip => clip.Audit!.Findings));
        Assert.All(store.Clips, clip => Assert.InRange(clip.Audit!.BandwidthHz!.Value, 3000, 8000));
    }

    [Fact]
    public void A_store_of_an_older_version_is_audited_when_it_is_extracted_again()
    {
        Extract();
        foreach (var index in Directory.GetFiles(Store, "part-*.csv"))
            File.WriteAllLines(index, File.ReadAllLines(index).Select(WithoutAudit));
        using (var older = FeatureStore.Open([Store]))
            Assert.All(older.Clips, clip => Assert.Null(clip.Audit));
        var report = Extract();
        Assert.Equal(0, report.Frames); // nothing is encoded again
        using var store = FeatureStore.Open([Store]);
        Assert.All(store.Clips, clip => Assert.NotNull(clip.Fingerprint));
        Assert.Equal(2, Extract().AlreadyStored);
    }

    [Fact]
    public void Near_duplicates_of_the_store_are_named()
    {
        Assert.Null(Extract().NearDuplicates);
        clips[1] = Write("c.wav", [.. SyntheticUtterances.Create(0).Select(sample => sample / 2)]);
        var text = Extract().NearDuplicates!.ToString();
        Assert.StartsWith(
            "near_duplicates: 1 pairs of clips have nearly the same sound",
            text,
            StringComparison.Ordinal
        );
    }

    private string Store => folder.PathOf("store");

    private ExtractionReport Extract()
    {
        using var encoder = new LogMelEncoder();
        return new FeatureExtractor(encoder, new(Store), TimeProvider.System).Run(clips, synthetic: true);
    }

    private static string WithoutAudit(string line) => string.Join(',', line.Split(',').SkipLast(AuditColumns));

    private Clip Write(string name, float[] samples)
    {
        var path = folder.PathOf(name);
        WavWriter.Write(path, samples, Waveform.SampleRateHz);
        return new(path, "x", null);
    }
}
