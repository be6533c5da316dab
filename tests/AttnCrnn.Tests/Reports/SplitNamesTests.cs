using AttnCrnn.Reports;

namespace AttnCrnn.Tests.Reports;

public sealed class SplitNamesTests
{
    private static readonly SplitSummary Speaker = new("speaker", "", SpeakersDisjoint: true);

    [Fact]
    public void Folds_are_counted_and_missing_ones_said()
    {
        Assert.Equal("3 folds by speaker", SplitNames.Describe(Speaker with { Folds = 3 }, 3));
        Assert.Equal("2 of 3 folds by speaker", SplitNames.Describe(Speaker with { Folds = 3 }, 2));
        Assert.Equal("1 fold by speaker", SplitNames.Describe(Speaker, 1)); // of an earlier version
    }

    [Fact]
    public void Leakage_and_a_training_that_had_not_ended_are_said()
    {
        var split = Speaker with
        {
            HasKnownClips = true,

            IsUnfinished = true,
        };
        Assert.Equal("by speaker, known test clips, training not finished", SplitNames.Describe(split, 0));
        Assert.Equal("by clip, shared speakers", SplitNames.Describe(new("clips", "", SpeakersDisjoint: false), 0));
    }
}
