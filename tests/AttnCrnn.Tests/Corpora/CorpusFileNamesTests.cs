using AttnCrnn.Corpora.Readers;

namespace AttnCrnn.Tests.Corpora;

public sealed class CorpusFileNamesTests
{
    private static readonly string[] EmoDb = ["03a01Fa", "08b02Ld", "16b10Lb"];

    [Theory]
    [InlineData("ravdess_03-01-06-01-02-01-12", "fearful", "ravdess_12")]
    [InlineData("CremaD_1001_DFA_ANG_XX", "angry", "cremad_1001")]
    [InlineData("crema-d_1001_dfa_ang_xx", "angry", "cremad_1001")]
    [InlineData("emo-db_03a01Fa", "happy", "emodb_03")]
    public void A_name_may_begin_with_the_corpus(string name, string label, string speaker)
    {
        var clip = CorpusFileNames.Create([name]).Parse(name);
        Assert.Equal((label, speaker), (clip?.Label, clip?.Speaker));
    }

    [Fact]
    public void Several_names_show_a_corpus()
    {
        var names = CorpusFileNames.Create(EmoDb);
        Assert.Equal(["EMO-DB"], names.Corpora);
        Assert.Equal(("boredom", "emodb_16"), (names.Parse("16b10Lb")?.Label, names.Parse("16b10Lb")?.Speaker));
    }

    [Theory]
    [InlineData("03a01Fa")]
    [InlineData("03-01-05-01-01-01-12")]
    [InlineData("F14A09")]
    public void One_name_that_others_could_have_does_not(string name)
    {
        var names = CorpusFileNames.Create([name, "interview"]);
        Assert.Empty(names.Corpora);
        Assert.Null(names.Parse(name));
    }

    [Fact]
    public void An_actor_above_24_shows_that_no_name_is_one_of_Ravdess()
    {
        string[] names = ["03-01-02-01-01-01-01", "03-01-03-01-01-01-02", "03-01-04-01-01-01-34"];
        Assert.Empty(CorpusFileNames.Create(names).Corpora);
    }

    [Theory]
    [InlineData("interview")]
    [InlineData("ravdess_interview")]
    public void A_name_of_no_corpus_has_no_label(string name) =>
        Assert.Null(CorpusFileNames.Create([name, .. EmoDb]).Parse(name));
}
