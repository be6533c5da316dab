using AttnCrnn.Corpora;

namespace AttnCrnn.Tests.Corpora;

public sealed class VoteDistributionTests
{
    private static readonly string[] Classes = ["angry", "neutral", "sad"];

    [Theory]
    [InlineData("angry=3;sad=1", "", "", null, "0.75 0 0.25")]
    [InlineData("angry=3;happy=4;sad=1", "", "", null, "0.75 0 0.25")] // happy is no class
    [InlineData("angry=3;neutral=4;sad=1", "", "neutral", null, "0.75 0 0.25")]
    [InlineData("calm=1;neutral=1;sad=2", "calm=neutral", "", null, "0 0.5 0.5")]
    [InlineData("calm=1;neutral=2;surprised=5", "", "", LabelPreset.Six, "0 1 0")]
    [InlineData("angry=0.5;frustrated=0.5;neutral=1.5", "", "", LabelPreset.Iemocap4, "0.25 0.75 0")]
    public void Votes_are_mapped_and_normalized(
        string votes,
        string map,
        string drop,
        LabelPreset? preset,
        string expected
    )
    {
        var rules = LabelRules.Parse(List(map), List(drop), preset);
        var distribution = VoteDistribution.Compute(LabelVotes.Parse(votes), rules, Classes)!;
        Assert.Equal(expected, string.Join(' ', distribution.Select(value => FormattableString.Invariant($"{value}"))));
    }

    [Fact]
    public void Without_a_vote_for_a_class_there_is_no_distribution()
    {
        Assert.Null(VoteDistribution.Compute(null, LabelRules.None, Classes));
        Assert.Null(VoteDistribution.Compute(LabelVotes.Parse("happy=3"), LabelRules.None, Classes));
        Assert.Null(VoteDistribution.Compute(LabelVotes.Parse("sad=3"), LabelRules.Parse([], ["sad"], null), Classes));
    }

    private static string[] List(string rule) => rule.Length == 0 ? [] : [rule];
}
