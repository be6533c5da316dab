using AttnCrnn.Audio;
using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Formats;
using AttnCrnn.Formats.Wav;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Tests.Corpora.Auditing;

/// <summary>What an audit of recordings finds, by name.</summary>
public sealed class AuditFindingsTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_renamed_copy_with_silence_at_its_ends_is_an_equal_recording()
    {
        var samples = SyntheticUtterances.Create(0);
        var warnings = Audit(
            Write("a.wav", samples),
            Write("b.wav", [.. new float[4000], .. samples, .. new float[400]]),
            Write("c.wav", SyntheticUtterances.Create(1))
        );
        Assert.Equal([("b.wav", AuditFindings.EqualRecordings)], warnings);
    }

    [Fact]
    public void Another_gain_is_a_near_duplicate()
    {
        var samples = SyntheticUtterances.Create(0);
        var warnings = Audit(
            Write("a.wav", samples),
            Write("b.wav", SyntheticUtterances.Create(1)),
            Write("c.wav", [.. samples.Select(sample => sample / 2)])
        );
        Assert.Equal([("c.wav", AuditFindings.NearDuplicates)], warnings);
    }

    [Fact]
    public void A_mean_that_is_not_0_is_a_DC_offset() =>
        Assert.Equal(
            [("a.wav", RecordingWarning.DcOffset)],
            Audit(Write("a.wav", [.. SyntheticUtterances.Create(0).Select(sample => (sample / 2) + 0.03f)]))
        );

    [Theory]
    [InlineData(8_000, true)]
    [InlineData(16_000, false)]
    public void Energy_that_ends_far_below_half_of_the_sample_rate_is_a_low_bandwidth(int original, bool expected)
    {
        var noise = new float[original];
        new RandomStream(1).ForStream(RandomStreamId.Demo).FillNormal(noise);
        float[] samples = [.. Resampler.Resample(noise, original, 16_000).Select(sample => sample / 20)];
        Assert.Equal(expected, Audit(Write("a.wav", samples)).Contains(("a.wav", RecordingWarning.LowBandwidth)));
    }

    [Fact]
    public void A_label_that_contradicts_the_name_of_the_file_is_found()
    {
        var clips = Enumerable
            .Range(1, 12)
            .Select(i => Write($"03-01-0{1 + (i % 8)}-01-01-01-{i:00}.wav", SyntheticUtterances.Create((uint)i)))
            .Select(clip => clip with { Label = RavdessLabel(clip) })
            .ToArray();
        Assert.Empty(Audit(clips));
        clips[3] = clips[3] with { Label = "happiness" }; // 05 is angry
        Assert.Equal([(Path.GetFileName(clips[3].Path), AuditFindings.LabelMismatch)], Audit(clips));
        // Labels of another kind: not a finding for each clip.
        Assert.Empty(Audit([.. clips.Select(clip => clip with { Label = "boredom" })]));
    }

    [Fact]
    public void Speakers_in_two_subsets_or_with_one_class_are_found()
    {
        Clip[] clips =
        [
            new("1.wav", "x", "a", Subset.Train),
            new("2.wav", "y", "a", Subset.Test),
            new("3.wav", "x", "b", Subset.Train),
            new("4.wav", "x", "b", Subset.Train),
            new("5.wav", "x", "c", Subset.Train),
        ];
        Assert.Equal(
            [
                (AuditFindings.SharedSpeakers, "1 of 3 speakers is in two subsets, for example a"),
                (AuditFindings.SingleClassSpeakers, "1 of 3 speakers has clips of one class only, for example b"),
            ],
            CorpusFindings.Find(clips).Select(finding => (finding.Name, finding.Message.ToString()))
        );
        Assert.Empty(CorpusFindings.Find(clips[..1]));
    }

    [Fact]
    public void Every_warning_about_a_recording_has_a_remedy()
    {
        var names = typeof(RecordingWarning)
            .GetFields()
            .Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!);
        Assert.All(names, name => Assert.NotEmpty(AuditFindings.GetRemedy(name)));
    }

    [Fact]
    public void The_documentation_names_every_finding()
    {
        var page = File.ReadAllText(Repository.Path("docs", "audit.md"));
        Assert.All(AuditFindings.Names, name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
    }

    private static string RavdessLabel(Clip clip) =>
        Path.GetFileName(clip.Path)[6..8] switch
        {
            "01" => "neutral",
            "02" => "calm",
            "03" => "happy",
            "04" => "sad",
            "05" => "anger",
            "06" => "fear",
            "07" => "disgust",
            _ => "surprised",
        };

    private static List<(string, string)> Audit(params Clip[] clips) =>
        [
            .. CorpusAudit
                .Audit(clips, new() { DetectsSpeech = false })
                .Warnings.Select(finding => (Path.GetFileName(finding.Path), finding.Name)),
        ];

    private Clip Write(string name, float[] samples)
    {
        var path = folder.PathOf(name);
        WavWriter.Write(path, samples, Waveform.SampleRateHz);
        return new(path, "x", null);
    }
}
