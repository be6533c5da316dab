using AttnCrnn.Corpora;

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
}
