using AttnCrnn.Corpora;

namespace AttnCrnn.Tests.Corpora;

public sealed class LabelVotesTests
{
    [Fact]
    public void Votes_of_equal_labels_are_added_and_written_in_ordinal_order()
    {
        var votes = new LabelVotes([new("sad", 1), new("angry; =", 2.5), new("sad", 2), new("happy", 0)]);
        Assert.Equal([new("angry; =", 2.5), new("sad", 3)], votes.Votes);
        Assert.Equal(votes, LabelVotes.Parse(votes.ToString()));
        Assert.Equal("sad", votes.Majority);
    }

    [Fact]
    public void A_tie_has_no_majority() => Assert.Null(LabelVotes.Parse("angry=2;sad=2").Majority);

    [Theory]
    [InlineData("")]
    [InlineData("angry")]
    [InlineData("angry=0")]
    [InlineData("angry=-1;sad=2")]
    [InlineData("angry=NaN")]
    [InlineData("=1")]
    public void Other_texts_are_refused(string text) => Assert.Throws<FormatException>(() => LabelVotes.Parse(text));
}
