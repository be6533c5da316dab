using AttnCrnn.Corpora.Readers;

namespace AttnCrnn.Tests.Corpora.Readers;

public sealed class RecordingAttributesTests
{
    [Theory]
    [InlineData("03-01-05-02-01-01-12", "RAVDESS", "strong", "Kids are talking by the door")]
    [InlineData("03-01-05-01-02-01-12", "RAVDESS", "normal", "Dogs are sitting by the door")]
    [InlineData("1001_IEO_ANG_LO", "CREMA-D", "low", "IEO")]
    [InlineData("1001_dfa_ang_xx", "CREMA-D", null, "DFA")]
    [InlineData("01-C-2-6", "CaFE", "strong", "6")]
    [InlineData("03b10Wa", "EMO-DB", null, "b10")]
    [InlineData("dis-f1-b1", "EMOVO", null, "b1")]
    public void File_names_tell_intensity_and_statement(
        string name,
        string corpus,
        string? intensity,
        string? statement
    )
    {
        var prefixed = $"/corpus/{corpus.Replace("-", "", StringComparison.Ordinal)}_{name}.wav";
        Assert.Equal([new RecordingAttributes(corpus, intensity, statement)], RecordingAttributes.Find([prefixed]));
    }

    [Fact]
    public void Names_of_no_known_corpus_tell_nothing() =>
        Assert.Equal([null], RecordingAttributes.Find(["/corpus/recording 7.wav"]));
}
