using AttnCrnn.Audio;
using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Formats.Wav;
using AttnCrnn.Numerics.Random;

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
            "near_duplicates: 1 pair of clips with nearly the same sound",
            text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Sources_that_differ_in_bandwidth_are_named_with_their_medians()
    {
        var full = new Clip[10];
        var narrow = new Clip[10];
        for (uint i = 0; i < full.Length; i++)
        {
            full[i] = Write($"full/{i}.wav", CreateNoise(i, 16_000));
            narrow[i] = Write($"narrow/{i}.wav", Resampler.Resample(CreateNoise(i + 10, 8_000), 8_000, 16_000));
        }
        using var encoder = new LogMelEncoder();
        var report = new FeatureExtractor(encoder, new(Store), TimeProvider.System).Run(
            new Corpus("x", [.. full, .. narrow], [], Synthetic: true)
            {
                Sources = [new(folder.PathOf("full"), full), new(folder.PathOf("narrow"), narrow)],
            },
            progress: null,
            TestContext.Current.CancellationToken
        );
        var text = Assert.Single(report.BandwidthDifferences).ToString();
        Assert.Matches("^corpus_bandwidth: .*: narrow [34].[0-9] kHz, full 8.0 kHz .*; filter or resample", text);
    }

    [Fact]
    public void Labels_that_contradict_the_names_of_recordings_are_warned_of()
    {
        Clip[] named =
        [
            .. Enumerable
                .Range(1, 12)
                .Select(i =>
                    Write($"03-01-05-01-01-01-{i:00}.wav", SyntheticUtterances.Create((uint)i)) with
                    {
                        Label = i == 7 ? "happy" : "angry",
                    }
                ),
        ];
        using var encoder = new LogMelEncoder();
        var report = new FeatureExtractor(encoder, new(Store), TimeProvider.System).Run(named, synthetic: true);
        var warning = Assert.Single(report.Warnings, warning => warning.Name == AuditFindings.LabelMismatch);
        Assert.Equal((named[6].Path, "labeled happy, but named angry (RAVDESS)"), (warning.Path, $"{warning.Message}"));
    }

    [Fact]
    public void Copies_with_silence_and_speakers_in_two_subsets_are_warned_of()
    {
        var utterance = SyntheticUtterances.Create(1);
        Clip[] copies =
        [
            Write("a.wav", utterance) with
            {
                Speaker = "s",
                Split = Subset.Train,
            },
            Write("b.wav", [.. new float[8000], .. utterance]) with
            {
                Speaker = "s",
                Split = Subset.Test,
            },
            Write("c.wav", SyntheticUtterances.Create(2)) with
            {
                Speaker = "t",
                Split = Subset.Train,
            },
        ];
        using var encoder = new LogMelEncoder();
        var report = new FeatureExtractor(encoder, new(Store), TimeProvider.System).Run(copies, synthetic: true);
        Assert.StartsWith(
            $"equal_recordings: 1 clip equals another except for silence at the ends (for example {copies[0].Path} and "
                + $"{copies[1].Path})",
            $"{report.TrimmedDuplicates}",
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "shared_speakers: 1 of 2 speakers is in",
            $"{report.SharedSpeakers}",
            StringComparison.Ordinal
        );
        Assert.Null(report.NearDuplicates);
    }

    private static float[] CreateNoise(uint seed, int rate)
    {
        var noise = new float[rate];
        new RandomStream(seed).ForStream(RandomStreamId.Demo).FillNormal(noise);
        return [.. noise.Select(sample => sample / 20)];
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
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        WavWriter.Write(path, samples, Waveform.SampleRateHz);
        return new(path, "x", null);
    }
}
