using AttnCrnn.Testing.Corpora;

namespace AttnCrnn.Tests.Corpora;

public sealed class CorpusTreesTests
{
    public static TheoryData<string> Trees => [.. CorpusTree.Names];

    [Theory]
    [InlineData("audformat")]
    [InlineData("cmu-mosei")]
    [InlineData("emobox")]
    [InlineData("hf-audiofolder")]
    [InlineData("kaldi")]
    [InlineData("nkululeko")]
    public void A_folder_gives_the_clips_that_are_expected(string name)
    {
        using var tree = CorpusTree.Create(name);
        Assert.Equal(tree.ReadExpected(), tree.Read());
    }

    [Theory, MemberData(nameof(Trees))]
    public void A_tree_has_the_recordings_that_are_expected(string name)
    {
        using var tree = CorpusTree.Create(name);
        Assert.NotEmpty(tree.ReadExpected());
        Assert.All(tree.ReadExpected(), clip =>
            Assert.True(File.Exists(tree.PathOf(clip.Path.Split('#')[0])), clip.Path)
        );
        Assert.False(File.Exists(tree.PathOf("why.txt")));
    }
}
