using AttnCrnn.Audio;

namespace AttnCrnn.Tests.Audio;

public sealed class AudioChannelTests
{
    [Theory]
    [InlineData("mix", null)]
    [InlineData("loudest", null)]
    [InlineData("1", 1)]
    [InlineData("1024", 1024)]
    public void A_channel_is_parsed_and_formatted(string text, int? number)
    {
        var channel = AudioChannel.Parse(text);
        Assert.Equal(number, channel.Number);
        Assert.Equal(text, channel.ToString());
        Assert.Equal(text == "mix", channel == AudioChannel.Mix);
        Assert.Equal(text == "loudest", channel == AudioChannel.Loudest);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1025")]
    [InlineData("left")]
    [InlineData("Mix")]
    public void Other_texts_are_rejected(string text)
    {
        Assert.False(AudioChannel.TryParse(text, out _));
        Assert.Contains("loudest", Assert.Throws<FormatException>(() => AudioChannel.Parse(text)).Message);
    }

    [Fact]
    public void The_default_is_the_mean() => Assert.Equal(AudioChannel.Mix, default);
}
