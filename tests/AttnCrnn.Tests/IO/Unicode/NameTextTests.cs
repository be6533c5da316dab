using AttnCrnn.IO.Unicode;

namespace AttnCrnn.Tests.IO.Unicode;

public sealed class NameTextTests
{
    // By unicodedata.normalize("NFC", …) of Python 3.11.
    [Theory]
    [InlineData("Cole\u0300re", "Col\u00E8re")]
    [InlineData("Col\u00E8re", "Col\u00E8re")]
    [InlineData("e\u0323\u0302", "\u1EC7")]
    [InlineData("e\u0302\u0323", "\u1EC7")]
    [InlineData("\u0073\u0323\u0307", "\u1E69")]
    [InlineData("\u0073\u0307\u0323", "\u1E69")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\u212B\u2126", "\u00C5\u03A9")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\u1112\u1161\u11AB\u1100\u1173\u11AF", "\uD55C\uAE00")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("\u0061\u05AE\u0300\u0062", "\u00E0\u05AE\u0062")]
    [InlineData("o\u0308 \uD83D\uDE00", "\u00F6 \uD83D\uDE00")]
    public void Names_are_composed_as_Unicode_defines(string name, string expected)
    {
        Assert.Equal(expected, CanonicalComposition.Compose(name));
    }

    [Theory]
    [InlineData("Angry", "angry\u00A0")]
    [InlineData("angry", "\u200Bangry")]
    [InlineData("angry", "\uFEFFANGRY\t")]
    [InlineData("very angry", "Very\u00A0 angry")]
    [InlineData("\u00C9TONNE\u0301", "e\u0301tonn\u00E9")]
    [InlineData("\u03C3\u03C2", "\u03A3\u03A3")]
    public void Names_that_look_alike_have_one_key(string name, string other)
    {
        Assert.Equal(NameText.GetKey(name), NameText.GetKey(other));
    }

    [Theory]
    [InlineData("angry", "angri")]
    [InlineData("sad", "s ad")]
    [InlineData("e", "\u00E9")]
    public void Different_names_have_different_keys(string name, string other)
    {
        Assert.NotEqual(NameText.GetKey(name), NameText.GetKey(other));
    }

    [Theory]
    [InlineData("angry\u00A0", "angry\\u00A0")]
    [InlineData("angry ", "'angry '")]
    [InlineData("e\u0301", "e\\u0301")]
    [InlineData("very sad", "very sad")]
    public void What_cannot_be_seen_is_shown(string name, string expected)
    {
        Assert.Equal(expected, NameText.Show(name));
    }
}
