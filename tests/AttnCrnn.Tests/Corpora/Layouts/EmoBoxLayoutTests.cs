using AttnCrnn.Corpora;
using AttnCrnn.Testing.Corpora;

namespace AttnCrnn.Tests.Corpora.Layouts;

public sealed class EmoBoxLayoutTests : IDisposable
{
    private readonly CorpusTree tree = CorpusTree.Create("emobox");

    public void Dispose() => tree.Dispose();

    [Theory]
    [InlineData(null, "KL_f05")]
    [InlineData("emobox:1", "KL_f05")]
    [InlineData("emobox:2", "JE_n03")]
    public void The_protocol_selects_the_fold(string? protocol, string test)
    {
        var clips = tree.Read(CorpusReadOptions.Default with { Protocol = protocol });
        Assert.Equal($"downloads/savee/{test}.wav", Assert.Single(clips, clip => clip.Split == "test").Path);
        Assert.Equal(4, clips.Count(clip => clip.Split == "train"));
    }

    [Fact]
    public void Without_a_protocol_no_clip_has_a_subset() =>
        Assert.All(tree.Read(CorpusReadOptions.Default with { Protocol = "none" }), clip =>
            Assert.Equal("", clip.Split)
        );

    [Theory]
    [InlineData("emobox:3", "it has the folds 1, 2")]
    [InlineData("emobox:0", "expected emobox:N")]
    public void Another_fold_is_refused(string protocol, string expected) =>
        Assert.Contains(
            expected,
            tree.ReadError(CorpusReadOptions.Default with { Protocol = protocol }),
            StringComparison.Ordinal
        );

    [Fact]
    public void What_is_assumed_and_left_out_is_said_with_numbers()
    {
        var notices = tree.ReadNotices();
        Assert.Contains("fold 1 of savee (2 folds): 5 clips, 4 speakers", notices, StringComparison.Ordinal);
        Assert.Contains("has 0 clips for validation", notices, StringComparison.Ordinal);
        Assert.Contains("no recording of 1 sets that are listed is there: pavoque", notices, StringComparison.Ordinal);
        Assert.Contains("1 files of folds are not read", notices, StringComparison.Ordinal);
    }

    [Fact]
    public void A_segment_and_a_channel_are_those_of_the_line()
    {
        tree.AddRecording("downloads/pavoque/pavoque-poker.flac");
        var line = File.ReadAllText(tree.PathOf("data/pavoque/fold_1/pavoque_test_fold_1.jsonl"));
        tree.Write(
            "data/pavoque/fold_1/pavoque_test_fold_1.jsonl",
            line.Replace("\"channel\": 1", "\"channel\": 3", StringComparison.Ordinal)
        );
        var clip = CorpusReader
            .Read([tree.Path])
            .Clips.Single(clip => clip.Path.EndsWith(".flac", StringComparison.Ordinal));
        Assert.Equal((10.5, 12.5, 3), (clip.StartSeconds, clip.EndSeconds, clip.Channel?.Number));
    }

    [Fact]
    public void Labels_are_mapped_without_regard_to_case()
    {
        tree.Write(
            "data/savee/label_map.json",
            """{"A": "Disgust", "SA": "Sad", "N": "Neutral", "SU": "Odd", "F": "Fear"}"""
        );
        Assert.Equal(["disgust", "sad", "neutral", "Odd", "fearful"], tree.Read().Select(clip => clip.Label));
    }
}
