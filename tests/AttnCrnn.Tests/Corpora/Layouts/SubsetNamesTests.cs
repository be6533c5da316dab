using AttnCrnn.Corpora.Layouts;
using AttnCrnn.Corpora.Splits;

namespace AttnCrnn.Tests.Corpora.Layouts;

public sealed class SubsetNamesTests
{
    [Theory]
    [InlineData("train", Subset.Train)]
    [InlineData("my-Training", Subset.Train)]
    [InlineData("train_nodev", Subset.Train)]
    [InlineData("train_dev", Subset.Validation)]
    [InlineData("Development", Subset.Validation)]
    [InlineData("valid", Subset.Validation)]
    [InlineData("test_clean", Subset.Test)]
    [InlineData("Test1", Subset.Test)]
    [InlineData("evaluation", Subset.Test)]
    [InlineData("test_dev", null)]
    [InlineData("contest", null)]
    [InlineData("trainer", null)]
    [InlineData("", null)]
    public void A_name_says_a_subset(string name, Subset? expected) => Assert.Equal(expected, SubsetNames.Find(name));
}
