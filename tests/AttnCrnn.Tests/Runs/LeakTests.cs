using System.Text.Json.Nodes;
using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Reports;
using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Runs;

/// <summary>Leaks that are planted in stores: found, refused, allowed and reported.</summary>
public sealed class LeakTests : IDisposable
{
    private static readonly EncoderDescription Encoder = new("test", "1", "", 50, 2, 1);

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_near_duplicate_in_another_subset_is_refused_unless_allowed()
    {
        var clips = OfManifest();
        clips[11] = clips[11] with { Audit = SyntheticUtterances.Audit(0, gain: 0.4f) };
        RequireRefused(clips, LeakKind.NearDuplicates, "/v/0.wav (train) and /v/11.wav (test)");
    }

    [Fact]
    public void A_recording_that_is_equal_but_for_silence_is_refused_unless_allowed()
    {
        var clips = OfManifest();
        clips[11] = clips[11] with { Audit = SyntheticUtterances.Audit(0) };
        RequireRefused(clips, LeakKind.EqualRecordings, "/v/0.wav (train) and /v/11.wav (test)");
    }

    [Fact]
    public void A_copy_in_another_subset_of_a_manifest_stays_where_it_is_allowed()
    {
        var clips = OfManifest();
        clips[11] = clips[11] with
        {
            Key = Key(0),

            Label = clips[0].Label,

            Values = clips[0].Values,
        };
        using var store = Write(clips);
        Assert.Throws<InvalidInputException>(() => new Experiment(store, new()));
        var experiment = new Experiment(store, Allow(LeakKind.EqualRecordings));
        experiment.RequireNoLeaks();
        Assert.Equal([new Leak(LeakKind.EqualRecordings, 1, true)], WithoutExamples(experiment));
        Assert.Equal((12, 0), (experiment.Splits[0].Facts.Clips, experiment.Splits[0].Facts.RepeatedClips));
    }

    [Fact]
    public void Shared_speakers_of_a_split_that_is_made_are_refused_unless_allowed()
    {
        // Two speakers: clips are assigned.
        var clips = OfManifest()
            .Select(
                (clip, i) =>
                    clip with
                    {
                        Split = null,

                        Speaker = $"s{i % 2}",
                    }
            )
            .ToList();
        RequireRefused(clips, LeakKind.SharedSpeakers, "s0");
    }

    [Fact]
    public void A_speaker_with_two_names_which_equal_recordings_show_is_in_two_subsets()
    {
        var clips = OfManifest()
            .Select(
                (clip, i) =>
                    clip with
                    {
                        Split = null,

                        Speaker = $"s{i % 6}",
                    }
            )
            .ToList();
        clips[11] = clips[11] with
        {
            Key = Key(0),

            Label = clips[0].Label,

            Values = clips[0].Values,
        };
        var options = new ExperimentOptions { Speakers = new(["s5"], ["s4"]) };
        using var store = Write(clips);
        var error = Assert.Throws<InvalidInputException>(new Experiment(store, options).RequireNoLeaks);
        Assert.Contains("s0 and s5, who have equal recordings", error.Message, StringComparison.Ordinal);
        new Experiment(store, options with { Allow = ["leak:shared_speakers"] }).RequireNoLeaks();
        options = options with { Speakers = new(["s3"], ["s4"]) };
        new Experiment(store, options).RequireNoLeaks();
    }

    [Fact]
    public void Shared_speakers_of_a_manifest_are_used_and_reported()
    {
        using var store = Write([.. OfManifest().Select(clip => clip with { Speaker = "s" })]);
        var experiment = new Experiment(store, new());
        experiment.RequireNoLeaks();
        Assert.Empty(experiment.Leaks);
        Assert.Contains(
            "1 speaker is in more than one subset",
            ProtocolText.Describe(experiment.Splits[0].Facts),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_random_split_is_a_request_for_leaks_and_reports_them()
    {
        var clips = OfManifest()
            .Select(clip =>
                clip with
                {
                    Speaker = "s",

                    Audit = SyntheticUtterances.Audit(0, 0.5f),
                }
            )
            .ToList();
        for (var i = 0; i < clips.Count; i++)
            clips[i] = clips[i] with { Audit = SyntheticUtterances.Audit(0, 0.5f + (i * 0.01f)) };
        using var store = Write(clips);
        var experiment = new Experiment(store, new() { Split = SplitMethod.Random });
        experiment.RequireNoLeaks();
        Assert.Equal(
            [(LeakKind.NearDuplicates, true), (LeakKind.SharedSpeakers, true)],
            experiment.Leaks.Select(leak => (leak.Kind, leak.IsAllowed))
        );
    }

    [Fact]
    public void Near_duplicates_of_one_speaker_are_no_leak_of_a_split_by_speaker()
    {
        var clips = OfManifest()
            .Select(
                (clip, i) =>
                    clip with
                    {
                        Split = null,

                        Speaker = $"s{i / 2}",
                    }
            )
            .ToList();
        clips[1] = clips[1] with { Audit = SyntheticUtterances.Audit(0, gain: 0.4f) };
        using var store = Write(clips);
        Assert.Empty(new Experiment(store, new()).Leaks);
        clips[1] = clips[1] with { Audit = null };
        clips[2] = clips[2] with { Audit = SyntheticUtterances.Audit(0, gain: 0.4f) };
        using var other = Write(clips);
        var folds = new Experiment(other, new() { Folds = 3 }).Splits;
        Assert.Equal(
            folds.Any(split => split.Subsets[0] != split.Subsets[2]),
            new Experiment(other, new() { Folds = 3 }).Leaks.Count == 1
        );
    }

    [Fact]
    public void Clips_that_were_not_audited_are_counted()
    {
        var clips = OfManifest();
        using var audited = Write(clips);
        Assert.Equal(0, new Experiment(audited, new()).UnauditedClips);
        using var older = Write([.. clips.Select((clip, i) => i < 3 ? clip with { Audit = null } : clip)]);
        Assert.Equal(3, new Experiment(older, new()).UnauditedClips);
    }

    [Fact]
    public void An_unknown_name_is_an_invalid_option()
    {
        using var store = Write(OfManifest());
        var error = Assert.Throws<InvalidOptionsException>(() =>
            new Experiment(store, new() { Allow = ["leak:speakers"] })
        );
        Assert.Contains(
            "expected leak:equal_recordings, leak:near_duplicates, leak:shared_speakers, leak:initial_model",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Reports_have_leaks_without_names_of_recordings()
    {
        var protocol = PredictionBuilder.BySpeaker with
        {
            Leaks =
            [
                new(LeakKind.NearDuplicates, 2, IsAllowed: true) { Example = "/v/0.wav and /v/1.wav" },
                new(LeakKind.EqualRecordings, 1, IsAllowed: false),
            ],
        };
        var text = ProtocolText.Describe(protocol);
        Assert.Contains(
            "2 pairs of near duplicates are in two subsets, which was allowed (near_duplicates): the metrics "
                + "overestimate performance. 1 recording is equal to one in another subset, except for silence at "
                + "their ends: the metrics overestimate",
            text,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("/v/", text, StringComparison.Ordinal);
        var result = PredictionBuilder.Result(PredictionBuilder.CreateRandom(1, speakers: 4, clipsEach: 8), protocol);
        Assert.Equal(
            """
            [{"name":"near_duplicates","count":2,"allowed":true},{"name":"equal_recordings","count":1,"allowed":false}]
            """,
            JsonNode.Parse(MetricsJson.Serialize(result))!["leaks"]!.ToJsonString()
        );
    }

    private void RequireRefused(IReadOnlyList<StoreClip> clips, LeakKind kind, string example)
    {
        using var store = Write(clips);
        var refused = new Experiment(store, new());
        var error = Assert.Throws<InvalidInputException>(refused.RequireNoLeaks);
        Assert.Contains(example, error.Message, StringComparison.Ordinal);
        Assert.Contains($"allow leak:{LeakKinds.Format(kind)}", error.Message, StringComparison.Ordinal);
        var allowed = new Experiment(store, Allow(kind));
        allowed.RequireNoLeaks();
        var leak = Assert.Single(allowed.Leaks);
        Assert.Equal((kind, true), (leak.Kind, leak.IsAllowed));
        // Of the clips, the split is the same.
        Assert.Equal(refused.Splits[0].Subsets, allowed.Splits[0].Subsets);
        var others = LeakKinds.All.Where(other => other != kind).ToArray();
        Assert.Throws<InvalidInputException>(new Experiment(store, Allow(others)).RequireNoLeaks);
    }

    private static IEnumerable<Leak> WithoutExamples(Experiment experiment) =>
        experiment.Leaks.Select(leak => leak with { Example = "" });

    private static ExperimentOptions Allow(params LeakKind[] kinds) =>
        new() { Allow = [.. kinds.Select(kind => $"leak:{LeakKinds.Format(kind)}")] };

    private FeatureStore Write(IEnumerable<StoreClip> clips)
    {
        var name = folder.PathOf(Guid.NewGuid().ToString("N"));
        FeatureStoreBuilder.Write(name, Encoder, clips);
        return FeatureStore.Open([name]);
    }

    // Twelve different recordings, four in each subset.
    private static List<StoreClip> OfManifest() =>
        [
            .. Enumerable
                .Range(0, 12)
                .Select(i => new StoreClip(
                    $"/v/{i}.wav",
                    $"l{i % 2}",
                    null,
                    [.. Enumerable.Range(i, 40).Select(v => (float)v)]
                )
                {
                    Key = Key(i),
                    Split = (Subset)(i / 4),
                    Audit = SyntheticUtterances.Audit((uint)i),
                }),
        ];

    private static string Key(int recording) => $"{recording:x64}";
}
