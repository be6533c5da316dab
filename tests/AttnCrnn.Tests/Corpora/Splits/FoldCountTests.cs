using AttnCrnn.Corpora.Splits;

namespace AttnCrnn.Tests.Corpora.Splits;

public sealed class FoldCountTests
{
    [Theory]
    [InlineData("0", 0, false, true)]
    [InlineData("5", 5, false, false)]
    [InlineData("speakers", 0, true, false)]
    [InlineData("emobox", 0, false, false)]
    public void The_text_is_a_number_speakers_or_emobox(string text, int number, bool isOnePerSpeaker, bool isNone)
    {
        var folds = FoldCount.Parse(text);
        Assert.Equal(
            (number, isOnePerSpeaker, isNone, text),
            (folds.Number, folds.IsOnePerSpeaker, folds.IsNone, folds.ToString())
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("2.5")]
    [InlineData("speaker")]
    [InlineData("99999999999")]
    public void Another_text_is_rejected_with_what_is_expected(string text)
    {
        Assert.False(FoldCount.TryParse(text, out _));
        var message = Assert.Throws<FormatException>(() => FoldCount.Parse(text)).Message;
        Assert.StartsWith($"folds '{text}': expected 0 ", message, StringComparison.Ordinal);
        Assert.Contains("speakers (leave one speaker out)", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(3, true)]
    [InlineData(1000, true)]
    [InlineData(-1, false)]
    [InlineData(2, false)]
    [InlineData(1001, false)]
    public void A_number_is_0_or_3_to_1000(int number, bool isValid) =>
        Assert.Equal(isValid, FoldCount.FromInt32(number).IsValid);

    [Fact]
    public void Zero_folds_are_none()
    {
        FoldCount folds = 0;
        Assert.Equal(FoldCount.None, folds);
        Assert.NotEqual(FoldCount.Speakers, folds);
    }
}
