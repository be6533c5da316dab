using AttnCrnn.Corpora;

namespace AttnCrnn.Tests.Corpora.Manifests;

public sealed class ManifestVotesTests : IDisposable
{
    private readonly ManifestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_column_per_class_has_votes_and_the_most_frequent_class_is_the_label()
    {
        var (clips, notices) = folder.Read(
            "path,Angry,happy,sad,age\na.wav,3,0,1,20\nb.wav,1,1,0,20\nc.wav,0,,NaN,20\nd.wav,0,0.25,0.75,20\n"
        );
        Assert.Equal(["Angry", null, null, "sad"], clips.Select(clip => clip.Label));
        Assert.Equal(
            ["Angry=3;sad=1", "Angry=1;happy=1", null, "happy=0.25;sad=0.75"],
            clips.Select(clip => clip.Votes?.ToString())
        );
        Assert.Equal(
            [
                "1 columns of clips.csv are not used: age",
                "clips.csv: the columns Angry, happy, sad are votes, and the class with the most is the label",
                "clips.csv: 2 clips have no class with the most votes, and thus no label (lines 3, 4)",
            ],
            notices
        );
    }

    [Theory]
    [InlineData("path,angry,happy\na.wav,yes,no\n")]
    [InlineData("path,angry,valence\na.wav,1,3\n")]
    [InlineData("path,low,high\na.wav,1,3\n")]
    public void Columns_without_numbers_and_single_ones_are_no_votes(string text)
    {
        var (clips, notices) = folder.Read(text);
        Assert.Null(Assert.Single(clips).Votes);
        Assert.StartsWith("2 columns of clips.csv are not used", Assert.Single(notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Beside_a_label_the_columns_are_not_used()
    {
        var (clips, notices) = folder.Read("path,label,angry,happy\na.wav,happy,3,1\n");
        Assert.Equal(("happy", null), (clips[0].Label, clips[0].Votes));
        Assert.Equal("2 columns of clips.csv are not used: angry, happy", Assert.Single(notices));
    }

    [Fact]
    public void A_negative_number_is_refused_with_its_line()
    {
        var exception = Assert.Throws<InvalidFileException>(() =>
            folder.Read("path,angry,sad\na.wav,1,1\nb.wav,-1,2\n")
        );
        Assert.Equal("'-1' as angry in line 3", exception.Found);
    }

    [Fact]
    public void A_column_votes_of_another_program_is_not_used()
    {
        var (clips, notices) = folder.Read("path,label,votes\na.wav,sad,5\n");
        Assert.Null(Assert.Single(clips).Votes);
        Assert.Equal("1 columns of clips.csv are not used: votes", Assert.Single(notices));
    }

    [Fact]
    public void Votes_that_this_program_writes_are_read_and_damaged_ones_refused()
    {
        Assert.Equal(
            new LabelVotes([new("angry", 3), new("sad", 1)]),
            folder.Read("path,votes\na.wav,\nb.wav,angry=3;sad=1\n").Clips[1].Votes
        );
        Assert.Contains(
            "in line 3",
            Assert.Throws<InvalidFileException>(() => folder.Read("path,votes\na.wav,angry=3\nb.wav,angry\n")).Found,
            StringComparison.Ordinal
        );
    }
}
