using System.Text.Json.Nodes;
using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Reports;
using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Runs;

/// <summary>What a training says of the audit of its store.</summary>
public sealed class StoreAuditTests : IDisposable
{
    private static readonly EncoderDescription Encoder = new("test", "1", "", 50, 2, 1);

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Findings_are_counted_by_name_and_said_before_the_training()
    {
        var clips = Create(24);
        clips[0] = WithAudit(clips[0], "clipped dc_offset");
        clips[5] = WithAudit(clips[5], "clipped");
        clips[7] = clips[7] with { Values = new float[2 * 50 * 5] }; // 5 s, where all others have 0.8 s
        using var store = Write(clips);
        var experiment = new Experiment(store, new());
        FindingCount[] expected = [new("clipped", 2), new("dc_offset", 1), new(AuditFindings.UnusualLength, 1)];
        Assert.Equal(expected, experiment.Findings);
        Assert.Contains(
            "audit: clipped 2, dc_offset 1, unusual_length 1 of 24 clips; corpus lists them, with remedies",
            experiment.Notices.Select(notice => notice.ToString())
        );
    }

    [Fact]
    public void Clips_that_are_not_used_are_not_counted()
    {
        var clips = Create(24);
        clips[0] = WithAudit(clips[0], "clipped") with { Split = null };
        using var store = Write(clips);
        var experiment = new Experiment(store, new());
        Assert.Empty(experiment.Findings);
        Assert.DoesNotContain(experiment.Notices, notice => $"{notice}".StartsWith("audit", StringComparison.Ordinal));
    }

    [Fact]
    public void Classes_that_differ_in_bandwidth_are_said_with_the_remedy()
    {
        var clips = Create(24);
        for (var i = 0; i < clips.Count; i++)
            clips[i] = WithAudit(clips[i], "", clips[i].Label == "l0" ? 4000 : 8000);
        using var store = Write(clips);
        var experiment = new Experiment(store, new());
        var notice = Assert.Single(experiment.Notices, notice =>
            $"{notice}".StartsWith(AuditFindings.ClassBandwidth, StringComparison.Ordinal)
        );
        Assert.Equal(
            "class_bandwidth 24: l0 4.0 kHz, l1 8.0 kHz (medians, of up to 8 kHz).",
            FindingsText
                .Describe(PredictionBuilder.BySpeaker with { Findings = experiment.Findings })!
                .Split("(clips): ")[1]
        );
        Assert.Contains("l0 4.0 kHz, l1 8.0 kHz", $"{notice}", StringComparison.Ordinal);
        Assert.EndsWith(AuditFindings.GetRemedy(AuditFindings.ClassBandwidth), $"{notice}", StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_that_contradict_the_names_of_recordings_are_counted()
    {
        string[] emotions = ["neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised"];
        var clips = Create(24)
            .Select(
                (clip, i) =>
                    clip with
                    {
                        Name = $"/v/03-01-{1 + (i % 8):00}-01-01-01-{1 + i:00}.wav",
                        Label = emotions[i % 8],
                    }
            )
            .ToList();
        using (var right = Write(clips))
            Assert.Empty(new Experiment(right, new()).Findings);
        clips[2] = clips[2] with { Label = "sad" };
        using var store = FeatureStore.Open([WriteTo("other", clips)]);
        Assert.Equal([new FindingCount(AuditFindings.LabelMismatch, 1)], new Experiment(store, new()).Findings);
    }

    [Fact]
    public void Reports_have_the_counts()
    {
        var protocol = PredictionBuilder.BySpeaker with { Findings = [new("clipped", 3), new("silent", 1)] };
        var result = PredictionBuilder.Result(PredictionBuilder.CreateRandom(1, speakers: 4, clipsEach: 8), protocol);
        Assert.Equal(
            """[{"name":"clipped","count":3},{"name":"silent","count":1}]""",
            JsonNode.Parse(MetricsJson.Serialize(result))!["findings"]!.ToJsonString()
        );
        Assert.Equal(
            "Found by the audit of the recordings (clips): clipped 3, silent 1.",
            FindingsText.Describe(protocol)
        );
        Assert.Null(FindingsText.Describe(PredictionBuilder.BySpeaker));
    }

    private FeatureStore Write(IEnumerable<StoreClip> clips)
    {
        FeatureStoreBuilder.Write(folder.Path, Encoder, clips);
        return FeatureStore.Open([folder.Path]);
    }

    private string WriteTo(string name, IEnumerable<StoreClip> clips)
    {
        FeatureStoreBuilder.Write(folder.PathOf(name), Encoder, clips);
        return folder.PathOf(name);
    }

    // A third of the clips in each subset, half of them of each class.
    private static List<StoreClip> Create(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                    WithAudit(
                        new($"/v/{i}.wav", $"l{i % 2}", $"s{i}", [.. Enumerable.Range(i, 80).Select(v => (float)v)])
                        {
                            Split = (Subset)(i * 3 / count),
                        },
                        ""
                    )
                ),
        ];

    private static StoreClip WithAudit(StoreClip clip, string findings, int hertz = 8000) =>
        clip with
        {
            Audit = new(TrimmedKey: "", Fingerprint: "", findings, hertz),
        };
}
