using AttnCrnn.Corpora;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Reports;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Runs;

/// <summary>Targets from the votes in a store.</summary>
public sealed class SoftTargetsTests : IDisposable
{
    private const int Width = 8;

    private static readonly EncoderDescription Encoder = new("made", "1", "", 50, Width, 1);

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Counts_tell_how_many_clips_have_votes_and_another_majority()
    {
        using var store = WriteStore("angry=3;sad=1", "angry=1;sad=2", "happy=2", null, "angry=1;sad=1");
        var targets = SoftTargets.Compute(
            store,
            ["angry", "angry", "angry", "sad", "sad", null],
            LabelRules.None,
            ["angry", "sad"]
        );
        Assert.Equal((5, 3, 2), (targets.ClipCount, targets.ClipsWithVotes, targets.ClipsWithOtherMajority));
        Assert.Equal([0.75f, 0.25f], targets.Targets[0]!);
        Assert.Null(targets.Targets[2]);
        Assert.Null(targets.Targets[5]);
        Assert.StartsWith(
            "soft targets: the votes of 3 of 5 clips; the label of the other 2",
            VoteText.Describe(targets),
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "; 2 of 11 votes are for labels that are no class and are left out (happy 2)",
            VoteText.Describe(targets),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_store_without_votes_is_refused()
    {
        using var store = WriteStore(null, "happy=2");
        var exception = Assert.Throws<InvalidOptionsException>(() =>
            SoftTargets.Compute(store, ["angry", "sad", null], LabelRules.None, ["angry", "sad"])
        );
        Assert.Contains("none of 2 clips has votes", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_experiment_has_targets_only_if_they_are_soft()
    {
        using var store = WriteStore([.. Enumerable.Range(0, 30).Select(clip => $"angry={1 + (clip % 4)};sad=2")]);
        var options = new ExperimentOptions { Training = new() { Threads = 1 } };
        Assert.Null(new Experiment(store, options).SoftTargets);
        var soft = options with { Training = options.Training with { Targets = TargetKind.Soft } };
        Assert.Equal(30, new Experiment(store, soft).SoftTargets!.ClipsWithVotes);
    }

    // The last clip has no class in the tests above.
    private FeatureStore WriteStore(params string?[] votes)
    {
        FeatureStoreBuilder.Write(
            folder.PathOf("store"),
            Encoder,
            votes
                .Append(null)
                .Select(
                    (vote, clip) =>
                        new StoreClip(
                            $"/{clip:00}.wav",
                            clip % 2 == 0 ? "angry" : "sad",
                            $"s{clip / 4}",
                            new float[8 * Width]
                        )
                        {
                            Votes = vote is null ? null : LabelVotes.Parse(vote),
                        }
                )
        );
        return FeatureStore.Open([folder.PathOf("store")]);
    }
}
