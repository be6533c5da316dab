using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Evaluation;

/// <summary>What a run says before it trains: clips that the split leaves out, and classes that a set lacks.</summary>
public sealed class SplitNoticesTests : IDisposable
{
    private static readonly EncoderDescription Encoder = new("test", "1", "", 50, 1, 1);

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(Subset.Train, "no training clips of b: the model cannot learn a class without clips")]
    [InlineData(Subset.Validation, "no validation clips of b")]
    [InlineData(Subset.Test, "no test clips of b: UAR is the mean recall over the other classes")]
    public void A_class_that_a_subset_lacks_is_named(Subset subset, string expected)
    {
        var notices = Describe(Clips().Where(clip => clip.Split != subset || clip.Label != "b"));
        Assert.Equal([expected], notices);
    }

    [Fact]
    public void The_folds_that_lack_a_class_are_named()
    {
        var clips = Clips().Where(clip => clip.Speaker != "s0" || clip.Label != "b");
        var notices = Describe(clips.Select(clip => clip with { Split = null }), FoldCount.Speakers);
        Assert.Equal(
            [
                "no validation clips of b (fold 6)",
                "no test clips of b (fold 1): UAR is the mean recall over the other classes",
            ],
            notices
        );
    }

    [Fact]
    public void Clips_without_a_subset_are_counted_and_one_is_named()
    {
        var notices = Describe(Clips().Select((clip, i) => i is 3 or 4 ? clip with { Split = null } : clip));
        Assert.Equal(
            "2 of 24 clips have no subset in the manifest and are left out (for example /03.wav): fill its column "
                + "split to use them, or use split speaker for another split of all clips",
            Assert.Single(notices)
        );
    }

    [Fact]
    public void A_manifest_that_the_folds_do_not_use_is_said() =>
        Assert.Equal(
            ["24 of 24 clips have a subset in the manifest, which this split does not use"],
            Describe(Clips(), 3)
        );

    [Fact]
    public void Clips_whose_labels_are_no_class_are_counted_by_label()
    {
        var rules = LabelRules.Parse([], ["c"], null);
        var clips = Clips().Select((clip, i) => i % 4 == 3 ? clip with { Label = "c" } : clip);
        Assert.Equal(
            "6 of 24 clips are left out, since their labels are no class: c (6)",
            Assert.Single(Describe(clips, rules: rules))
        );
    }

    [Fact]
    public void A_complete_split_gives_no_notice() => Assert.Empty(Describe(Clips()));

    private IEnumerable<string> Describe(
        IEnumerable<StoreClip> clips,
        FoldCount folds = default,
        LabelRules? rules = null
    )
    {
        FeatureStoreBuilder.Write(folder.PathOf("store"), Encoder, clips);
        using var store = FeatureStore.Open([folder.PathOf("store")]);
        var options = new ExperimentOptions { Folds = folds };
        var experiment = new Experiment(store, options with { LabelRules = rules ?? LabelRules.None });
        return [.. experiment.Notices.Select(notice => notice.ToString())];
    }

    // Six speakers with two clips of each class: four train, one validates, one tests.
    private static IEnumerable<StoreClip> Clips() =>
        Enumerable
            .Range(0, 24)
            .Select(i => new StoreClip($"/{i:00}.wav", i % 2 == 0 ? "a" : "b", $"s{i / 4}", [i, i, i, i, i])
            {
                Split =
                    i < 16 ? Subset.Train
                    : i < 20 ? Subset.Validation
                    : Subset.Test,
            });
}
