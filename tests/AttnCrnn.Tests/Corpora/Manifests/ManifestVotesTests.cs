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
        Assert.StartsWith("2 columns of clips.csv are not used", notices[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Beside_a_label_the_votes_are_kept_and_contradictions_counted()
    {
        var (clips, notices) = folder.Read(
            "path,label,angry,happy\na.wav,joy,3,1\nb.wav,joy,1,3\nc.wav,anger,1,0\nd.wav,joy,0,0\n"
        );
        Assert.Equal(["joy", "joy", "anger", "joy"], clips.Select(clip => clip.Label));
        Assert.Equal(["anger=3;joy=1", "anger=1;joy=3", "anger=1", null], clips.Select(clip => clip.Votes?.ToString()));
        Assert.Equal(
            [
                "clips.csv: the columns angry, happy are votes, for soft targets; the label is that of the column "
                    + "label",
                "clips.csv: in 1 of 3 clips with votes, the label is not the class with the most (line 2)",
            ],
            notices
        );
    }

    [Theory]
    [InlineData("angry_votes,sad_votes", "angry=3;sad=1")]
    [InlineData("vote_angry,vote_meh", "angry=3;meh=1")]
    [InlineData("n angry,p.sad", "angry=3;sad=1")]
    [InlineData("ang,neu", "ang=3;neu=1")]
    public void The_names_of_columns_may_say_that_they_are_votes(string columns, string expected) =>
        Assert.Equal(expected, Assert.Single(folder.Read($"path,{columns}\na.wav,3,1\n").Clips).Votes!.ToString());

    [Fact]
    public void Decimal_commas_are_read()
    {
        var (clips, _) = folder.Read("path;angry;sad\na.wav;0,75;0,25\nb.wav;0;1\n");
        Assert.Equal(["angry=0.75;sad=0.25", "sad=1"], clips.Select(clip => clip.Votes!.ToString()));
    }

    [Theory]
    [InlineData("75%", "25 %", "angry=75;sad=25")]
    [InlineData("True", "false", "angry=1")]
    public void Percentages_and_the_columns_of_pandas_for_each_class_are_read(string angry, string sad, string votes) =>
        Assert.Equal(
            votes,
            Assert.Single(folder.Read($"path,emotion_angry,emotion_sad\na.wav,{angry},{sad}\n").Clips).Votes!.ToString()
        );

    [Theory]
    [InlineData("path,angry,happy,meh\na.wav,1,1,3\nb.wav,2,3,0\n", "meh", "5 in all")]
    [InlineData("path,angry,happy,meh\na.wav,0.2,0.3,0.5\nb.wav,0.333,0.333,0.334\n", "meh", "1 in all")]
    [InlineData("path,angry,happy,meh,n_raters\na.wav,1,1,3,5\nb.wav,2,3,1,6\n", "meh", "as many as n_raters says")]
    [InlineData("path,angry,happy,meh,take\na.wav,1,1,3,1\nb.wav,2,3,0,2\n", "meh", "5 in all")]
    [InlineData("path,angry,happy,meh,x2\na.wav,1,1,3,1\nb.wav,2,3,0,2\n", "meh", "5 in all")]
    [InlineData("path,angry,happy,meh,bah\na.wav,1,0,3,1\nb.wav,2,3,0,0\n", "meh, bah", "5 in all")]
    public void A_class_of_another_name_is_found_by_the_sum_of_the_votes(string text, string further, string sum)
    {
        var (clips, notices) = folder.Read(text);
        Assert.Equal("meh", clips[0].Label);
        var verb = further == "meh" ? "is a class as well, since with it" : "are classes as well, since with them";
        Assert.Contains($"clips.csv: {further} {verb} the votes of each clip are {sum}", notices);
    }

    [Fact]
    public void A_column_that_may_be_a_class_is_refused_where_the_labels_would_follow_from_the_others()
    {
        const string text = "path,angry,happy,meh\na.wav,1,1,2\nb.wav,2,3,0\n";
        var error = Assert.Throws<InvalidFileException>(() => folder.Read(text));
        Assert.Contains("angry, happy with votes, and meh", error.Found, StringComparison.Ordinal);
        Assert.Contains("meh_votes", error.Message, StringComparison.Ordinal);
        Assert.Equal("meh", folder.Read(text.Replace("meh", "meh_votes", StringComparison.Ordinal)).Clips[0].Label);
        Assert.Contains(
            "clips.csv: meh has numbers that may be votes, but is not used: name a column of votes meh_votes",
            folder.Read("path,label,angry,happy,meh\na.wav,sad,1,1,2\nb.wav,sad,2,3,0\n").Notices
        );
    }

    [Theory]
    [InlineData("path,angry,happy,meh\na.wav,1,4,2\nb.wav,2,3,1\n")] // 5 votes without it
    [InlineData("path,angry,happy,age\na.wav,1,1,2\nb.wav,2,3,0\n")]
    [InlineData("path,angry,happy,clip_id\na.wav,1,1,2\nb.wav,2,3,3\n")]
    [InlineData("path,angry,happy,raters\na.wav,1,1,2\nb.wav,2,3,5\n")]
    [InlineData("path,angry,happy,snr2\na.wav,1,1,40\nb.wav,2,3,20\n")]
    public void Other_numbers_are_no_classes(string text)
    {
        Assert.Equal(
            ["angry=1", "angry=2"],
            folder.Read(text).Clips.Select(clip => clip.Votes!.ToString().Split(';')[0])
        );
        Assert.DoesNotContain(folder.Read(text).Notices, notice =>
            notice.Contains("as well", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_cell_without_a_number_is_refused_with_its_line()
    {
        var error = Assert.Throws<InvalidFileException>(() =>
            folder.Read("path,angry,sad,happy\na.wav,3,1,0\nb.wav,x,3,0\n")
        );
        Assert.Equal("'x' as angry in line 3", error.Found);
    }

    [Fact]
    public void Numbers_without_the_names_of_emotions_are_said_to_be_no_votes() =>
        Assert.Contains(
            "there is no column of labels, and A, S, H have numbers, but are not read as votes",
            folder.Read("path,A,S,H\na.wav,3,1,0\nb.wav,1,3,0\n").Notices[0],
            StringComparison.Ordinal
        );

    [Fact]
    public void Two_columns_for_one_class_are_refused() =>
        Assert.Contains(
            "angry, angry_votes",
            Assert.Throws<InvalidFileException>(() => folder.Read("path,angry,angry_votes\na.wav,3,1\n")).Found,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_negative_number_is_refused_with_its_line()
    {
        var exception = Assert.Throws<InvalidFileException>(() =>
            folder.Read("path,angry,sad\na.wav,1,1\nb.wav,-1,2\n")
        );
        Assert.Equal("'-1' as angry in line 3", exception.Found);
    }

    [Fact]
    public void Beside_a_label_negative_numbers_are_no_votes_and_that_is_said()
    {
        var (clips, notices) = folder.Read("path,label,angry,sad\na.wav,sad,1,1\nb.wav,sad,-1.5,2\n");
        Assert.All(clips, clip => Assert.Null(clip.Votes));
        Assert.Equal("clips.csv: angry, sad are no votes, since there is '-1.5' as angry in line 3", notices[0]);
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
