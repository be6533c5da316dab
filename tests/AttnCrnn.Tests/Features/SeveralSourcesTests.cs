using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Encoders;
using AttnCrnn.Features;

namespace AttnCrnn.Tests.Features;

/// <summary>
/// One clip in several sources, of one store or of two: its values are merged, or contradict each other.
/// </summary>
public sealed class SeveralSourcesTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly LogMelEncoder encoder = new();
    private readonly Clip[] clips;

    public SeveralSourcesTests() =>
        clips = [
            .. ToneClipBuilder
                .Create(folder, 3, "happy", "sad")
                .Select(clip =>
                    clip with
                    {
                        Speaker = "s1",

                        Split = Subset.Train,

                        Sex = "female",
                    }
                ),
        ];

    public void Dispose()
    {
        encoder.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData("one", "one")]
    [InlineData("one", "two")]
    public void A_missing_value_does_not_replace_a_given_one(string first, string second)
    {
        Extract(first, "base.csv", clips);
        Extract(second, "other.csv", [.. clips.Select(clip => new Clip(clip.Path, null, null))]);
        Extract(second, "third.csv", [new(clips[0].Path, "happy", null)]);
        using var store = Open(first, second);
        Assert.Equal(
            clips.Select(clip => (clip.Label, clip.Speaker, clip.Split, clip.Sex)),
            store.Clips.Select(clip => (clip.Label, clip.Speaker, clip.Split, clip.Sex))
        );
        Assert.Contains(
            "values that the newest source of a clip lacks are taken from another source: label of 2 clips, speaker of "
                + $"3 clips, subset of 3 clips, sex of 3 clips (for example {clips[0].Path}: speaker s1 of "
                + $"{folder.PathOf("base.csv")} (in {folder.PathOf(first)}))",
            store.Notices.Select(notice => notice.ToString())
        );
    }

    [Theory]
    [InlineData("label", "happy", "sad", "one")]
    [InlineData("label", "happy", "sad", "two")]
    [InlineData("speaker", "s1", "s2", "one")]
    [InlineData("subset", "train", "test", "one")]
    [InlineData("subset", "train", "test", "two")]
    public void Different_values_are_refused_by_name(string field, string given, string other, string second)
    {
        Extract("one", "base.csv", clips);
        var contradicting = field switch
        {
            "label" => clips[0] with { Label = other },
            "speaker" => clips[0] with { Speaker = other },
            _ => clips[0] with { Split = Subset.Test },
        };
        var report = Extract(second, "other.csv", [contradicting, .. clips[1..]]);
        var exception = Assert.Throws<InvalidInputException>(() => Open("one", second));
        Assert.StartsWith(
            $"1 clips have another {field} in another source, for example {clips[0].Path}: {other} of "
                + $"{folder.PathOf("other.csv")} (in {folder.PathOf(second)}), and {given} of "
                + $"{folder.PathOf("base.csv")} (in {folder.PathOf("one")}): correct one of the sources and extract it "
                + "again; or use only one, by extracting it with prune",
            exception.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(
            second == "two",
            exception.Message.EndsWith("leave out one of the folders", StringComparison.Ordinal)
        );
        Assert.Equal(second == "one" ? 1 : 0, report.Contradictions.Count); // of the store that it knows
    }

    [Fact]
    public void An_npz_file_keeps_the_label_that_a_newer_source_lacks()
    {
        Extract("one", "base.csv", clips, format: StoreFormat.Npz);
        var files = Directory.GetFiles(folder.PathOf("one"), "*.npz").ToDictionary(file => file, File.ReadAllBytes);
        Clip[] unlabeled = [.. clips.Select(clip => new Clip(clip.Path, null, null))];
        Assert.Equal(0, Extract("one", "other.csv", unlabeled, format: StoreFormat.Npz).Frames);
        Assert.All(files, file => Assert.Equal(file.Value, File.ReadAllBytes(file.Key)));
        using var store = Open("one");
        Assert.Equal("happy", store.Clips[0].Label);
    }

    [Fact]
    public void Spellings_of_one_label_do_not_contradict_each_other()
    {
        Extract("one", "base.csv", clips);
        Extract(
            "one",
            "other.csv",
            [
                clips[0] with
                {
                    Label = "Happy",

                    Speaker = "unknown",
                },
            ]
        );
        using var store = Open("one");
        Assert.Equal(("happy", "s1"), (store.Clips[0].Label, store.Clips[0].Speaker));
    }

    [Fact]
    public void The_newest_extraction_of_a_source_holds_also_with_a_value_less()
    {
        Extract("one", "base.csv", clips);
        var report = Extract(
            "one",
            "base.csv",
            [
                clips[0] with
                {
                    Label = "sad",

                    Split = null,
                },
                .. clips[1..],
            ]
        );
        Assert.Equal((1, 2, 1), (report.Written, report.AlreadyStored, report.ChangedClips));
        using var store = Open("one");
        Assert.Equal(("sad", null), (store.Clips[0].Label, store.Clips[0].Split));
        Assert.Empty(store.Notices);
    }

    [Fact]
    public void The_newest_extraction_of_a_source_holds_over_two_stores_and_is_said()
    {
        Extract("one", "base.csv", clips);
        Extract(
            "two",
            "base.csv",
            [
                clips[0] with
                {
                    Label = "sad",

                    Split = null,
                },
                .. clips[1..],
            ]
        );
        using var store = Open("two", "one");
        Assert.Equal(("sad", null), (store.Clips[0].Label, store.Clips[0].Split));
        Assert.Contains(
            "1 clips have another label, speaker or subset in an older extraction of the same source; those of the "
                + "newest are used",
            store.Notices.Select(notice => notice.ToString())
        );
    }

    [Fact]
    public void A_source_that_is_corrected_or_the_only_one_ends_a_contradiction()
    {
        Extract("one", "base.csv", clips);
        Extract("one", "other.csv", [clips[0] with { Label = "sad" }]);
        Extract("one", "other.csv", [clips[0]]);
        Open("one").Dispose();
        Extract("one", "other.csv", [clips[0] with { Label = "sad" }]);
        var report = Extract("one", "base.csv", clips, prune: true);
        Assert.Equal((0, 0), (report.Contradictions.Count, report.Pruning!.Clips));
        using var store = Open("one");
        Assert.Equal("happy", store.Clips[0].Label);
        Assert.Single(Directory.GetFiles(folder.PathOf("one"), "source-*.json"));
    }

    [Fact]
    public void Values_of_an_earlier_version_are_used_where_the_sources_give_none()
    {
        Run("one", new("", clips, [], false));
        Extract(
            "one",
            "base.csv",
            [
                clips[0] with
                {
                    Label = "sad",

                    Split = null,
                },
                clips[1],
            ]
        );
        using var store = Open("one");
        Assert.Equal(("sad", Subset.Train), (store.Clips[0].Label, store.Clips[0].Split));
    }

    [Fact]
    public void A_folder_of_an_earlier_version_contradicts_another_folder()
    {
        Run("one", new("", clips, [], false));
        Run("two", new("", [clips[0] with { Split = Subset.Test }], [], false));
        var exception = Assert.Throws<InvalidInputException>(() => Open("one", "two"));
        Assert.Contains("test of a source that is not recorded", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sources_of_one_extraction_keep_their_own_values()
    {
        var labels = new Clip(clips[0].Path, "happy", null);
        var splits = new Clip(clips[0].Path, null, "s1", Subset.Train);
        var corpus = new Corpus(
            "test",
            [
                labels with
                {
                    Speaker = "s1",

                    Split = Subset.Train,
                },
            ],
            [],
            false
        )
        {
            Sources = [new(folder.PathOf("base.csv"), [labels]), new(folder.PathOf("splits.csv"), [splits])],
        };
        Run("one", corpus);
        Extract("one", "splits.csv", [splits with { Split = Subset.Test }]);
        using var store = Open("one");
        Assert.Equal(
            ("happy", "s1", Subset.Test),
            (store.Clips[0].Label, store.Clips[0].Speaker, store.Clips[0].Split)
        );
    }

    [Fact]
    public void Equal_recordings_in_two_subsets_or_with_two_labels_are_said_after_the_extraction()
    {
        File.Copy(clips[0].Path, folder.PathOf("copy.wav"));
        File.Copy(clips[1].Path, folder.PathOf("copy1.wav"));
        Clip[] copies =
        [
            clips[0] with
            {
                Path = folder.PathOf("copy.wav"),

                Split = Subset.Test,
            },
            clips[1] with
            {
                Path = folder.PathOf("copy1.wav"),

                Label = "angry",
            },
        ];
        Assert.Empty(Extract("one", "base.csv", clips).EqualRecordings);
        var found = Extract("one", "other.csv", copies).EqualRecordings.Select(text => text.ToString()).ToList();
        Assert.Equal(2, found.Count);
        Assert.StartsWith(
            $"{clips[1].Path} (sad) and {copies[1].Path} (angry) are equal recordings with different labels",
            found[0],
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            $"{copies[0].Path} (test) and {clips[0].Path} (train) are equal recordings in different subsets",
            found[1],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_clips_of_each_source_are_counted_and_a_source_that_is_gone_is_named()
    {
        Extract("one", "old.csv", clips);
        Extract("one", "new.csv", clips[1..]);
        File.Delete(folder.PathOf("old.csv"));
        using var store = Open("one");
        Assert.Equal(
            $"the clips come from 2 sources: {folder.PathOf("old.csv")} (3 clips, 1 of them in no other; it does not "
                + $"exist any more), {folder.PathOf("new.csv")} (2 clips, 0 of them in no other); a source that does "
                + "not exist any more still gives its clips: to remove those that no other names, extract the sources "
                + "that are left with prune",
            store.Notices[0].ToString()
        );
    }

    [Fact]
    public void Another_way_to_a_manifest_is_the_same_source_and_a_link_is_one_of_its_own()
    {
        Directory.CreateSymbolicLink(folder.PathOf("link"), folder.Path);
        Extract("one", "base.csv", clips);
        Extract("one", "link/base.csv", [clips[0] with { Label = "sad" }]);
        using var store = Open("one");
        Assert.Equal("sad", Assert.Single(store.Clips).Label);
        File.CreateSymbolicLink(folder.PathOf("current.csv"), folder.PathOf("base.csv"));
        Extract("two", "current.csv", [clips[0] with { Label = "happy" }]);
        Assert.Throws<InvalidInputException>(() => Open("one", "two"));
    }

    private FeatureStore Open(params string[] stores) =>
        FeatureStore.Open([.. stores.Distinct().Select(store => folder.PathOf(store))]);

    private ExtractionReport Extract(
        string store,
        string source,
        Clip[] extracted,
        bool prune = false,
        StoreFormat format = StoreFormat.Store
    ) => Run(store, SourceCorpusBuilder.Create(folder, (source, extracted)), prune, format);

    private ExtractionReport Run(
        string store,
        Corpus corpus,
        bool prune = false,
        StoreFormat format = StoreFormat.Store
    )
    {
        var options = new ExtractionOptions(folder.PathOf(store))
        {
            Prune = prune,

            Format = format,
        };
        return new FeatureExtractor(encoder, options, TimeProvider.System).Run(corpus, null, CancellationToken.None);
    }
}
