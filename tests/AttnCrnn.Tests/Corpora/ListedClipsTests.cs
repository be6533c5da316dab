using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Splits;

namespace AttnCrnn.Tests.Corpora;

public sealed class ListedClipsTests
{
    private static readonly Clip[] Contradicting = [new("/a.wav", "angry", "s1"), new("/a.wav", "sad", "s1")];

    [Fact]
    public void A_clip_with_two_labels_is_refused_with_both()
    {
        var exception = Assert.Throws<InvalidInputException>(() =>
            ListedClips.CountOnce(Contradicting, LabelConflict.Refuse, [], [])
        );
        Assert.Contains("/a.wav with angry and sad", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_label_is_kept_as_asked_for_and_said()
    {
        List<string> notices = [];
        var clip = Assert.Single(ListedClips.CountOnce(Contradicting, LabelConflict.KeepFirst, notices, []));
        Assert.Equal("angry", clip.Label);
        Assert.Contains("1 clips are listed with different labels", Assert.Single(notices), StringComparison.Ordinal);
    }

    [Fact]
    public void A_clip_that_is_listed_twice_counts_once_and_segments_of_a_recording_are_clips_of_their_own()
    {
        List<string> notices = [];
        Clip[] clips =
        [
            new("/a.wav", "sad", null),
            new("/a.wav", "sad", null),
            new("/a.wav", "angry", null, null, 1, 2),
        ];
        Assert.Equal([clips[0], clips[2]], ListedClips.CountOnce(clips, LabelConflict.Refuse, notices, []));
        Assert.Contains("1 clips are listed more than once", Assert.Single(notices), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s1", "s2", null, null, "of speakers s1 and s2")]
    [InlineData("s1", null, Subset.Train, Subset.Test, "in train and test")]
    public void A_clip_with_two_speakers_or_subsets_is_refused(
        string? speaker,
        string? otherSpeaker,
        Subset? subset,
        Subset? otherSubset,
        string expected
    )
    {
        Clip[] clips = [new("/a.wav", "sad", speaker, subset), new("/a.wav", "sad", otherSpeaker, otherSubset)];
        var exception = Assert.Throws<InvalidInputException>(() =>
            ListedClips.CountOnce(clips, LabelConflict.Refuse, [], [])
        );
        Assert.Contains($"/a.wav {expected}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_one_listing_lacks_is_taken_from_the_other_and_said()
    {
        List<string> notices = [];
        Clip[] clips = [new("/a.wav", null, "s1"), new("/a.wav", "sad", null, Subset.Test)];
        Assert.Equal(
            [new Clip("/a.wav", "sad", "s1", Subset.Test)],
            ListedClips.CountOnce(clips, LabelConflict.Refuse, notices, [])
        );
        Assert.EndsWith(
            "but for values that one of them lacks: label of 1 clips, speaker of 1 clips, subset of 1 clips are taken "
                + "from the other",
            Assert.Single(notices),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Sources_give_their_own_values_or_those_of_the_first_if_these_are_kept()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.PathOf("a.csv"), "path,label\nx.wav,sad\n");
        File.WriteAllText(folder.PathOf("b.csv"), "path,label,split\nx.wav,angry,test\n");
        string[] sources = [folder.PathOf("a.csv"), folder.PathOf("b.csv")];
        var kept = CorpusReader.Read(sources, new() { LabelConflict = LabelConflict.KeepFirst });
        Assert.All(kept.Sources, source =>
            Assert.Equal(("sad", Subset.Test), (source.Clips[0].Label, source.Clips[0].Split))
        );
        File.WriteAllText(sources[1], "path,split\nx.wav,test\n");
        Assert.Equal([null, Subset.Test], CorpusReader.Read(sources).Sources.Select(source => source.Clips[0].Split));
    }
}
