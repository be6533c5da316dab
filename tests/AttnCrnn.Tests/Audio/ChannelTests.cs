using AttnCrnn.Audio;
using AttnCrnn.Formats;
using AttnCrnn.Tests.Formats.Wav;

namespace AttnCrnn.Tests.Audio;

/// <summary>Recordings of several channels.</summary>
public sealed class ChannelTests
{
    private const int Rate = Waveform.SampleRateHz;

    // The first channel is louder in the first half, the second one in the second half and in total.
    private static readonly float[] First = CreateTone(0.2f, 0.05f);
    private static readonly float[] Second = CreateTone(0.1f, 0.4f);

    [Fact]
    public void The_default_is_the_mean_of_the_channels()
    {
        var expected = First.Zip(Second, (a, b) => (a + b) / 2).ToArray();
        var waveform = Read(AudioChannel.Mix);
        AssertClose(expected, waveform.Samples);
        Assert.Empty(waveform.Warnings);
    }

    [Fact]
    public void A_channel_is_read_by_its_number()
    {
        AssertClose(First, Read(AudioChannel.FromNumber(1)).Samples);
        AssertClose(Second, Read(AudioChannel.FromNumber(2)).Samples);
    }

    [Fact]
    public void A_channel_that_the_recording_does_not_have_is_an_error()
    {
        var exception = Assert.Throws<InvalidFileException>(() => Read(AudioChannel.FromNumber(3)));
        Assert.Equal(("2 channels", "at least 3"), (exception.Found, exception.Expected));
        Assert.Contains("channel 3 was asked for", exception.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void The_loudest_channel_is_that_of_what_is_read()
    {
        AssertClose(Second, Read(AudioChannel.Loudest).Samples);
        var firstHalf = new AudioReadOptions
        {
            Channel = AudioChannel.Loudest,

            EndSeconds = 0.5,
        };
        AssertClose(First[..(Rate / 2)], Read([First, Second], firstHalf).Samples);
    }

    [Fact]
    public void A_constant_offset_is_not_loud()
    {
        float[] offset = [.. Enumerable.Repeat(0.9f, First.Length)];
        AssertClose(First, Read([offset, First], new() { Channel = AudioChannel.Loudest }).Samples);
    }

    [Fact]
    public void Windows_have_the_samples_of_the_channel()
    {
        var windows = new AudioWindows(0.25, 0.25) { Channel = AudioChannel.Loudest };
        using var stream = new MemoryStream(SyntheticWav.FromChannels([First, Second], Rate));
        var samples = windows
            .Read(stream, "upload", AudioLimits.None, CancellationToken.None)
            .SelectMany(window => window.Samples)
            .ToArray();
        AssertClose(Second, samples);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.0001f)] // noise at −60 dB
    public void A_silent_channel_is_named(float noise)
    {
        float[] silent = [.. First.Select((_, i) => i % 2 == 0 ? noise : -noise)];
        var message = Assert.Single(Read([Second, silent], new()).Warnings).Text;
        Assert.Equal("channel 2 of 2 is silent, and the mix halves the level: choose channel loudest", message);
        Assert.Empty(Read([Second, silent], new() { Channel = AudioChannel.Loudest }).Warnings);
        Assert.Empty(Read([Second, silent], new() { Channel = AudioChannel.FromNumber(1) }).Warnings);
    }

    [Fact]
    public void Several_silent_channels_are_named_together()
    {
        var silent = new float[First.Length];
        Assert.Equal(
            "channels 1, 3, 4 of 4 are silent, and the mix reduces the level to 25%: choose channel loudest",
            Assert.Single(Read([silent, First, silent, silent], new()).Warnings).Text
        );
        Assert.Empty(Read([silent, silent], new()).Warnings); // the recording is silent, which is another warning
    }

    [Fact]
    public void A_channel_that_is_silent_in_the_segment_is_named()
    {
        float[] secondHalf = [.. new float[Rate / 2], .. First[(Rate / 2)..]];
        Assert.Single(Read([Second, secondHalf], new() { EndSeconds = 0.4 }).Warnings);
        Assert.Empty(Read([Second, secondHalf], new() { StartSeconds = 0.6 }).Warnings);
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(0.99f)] // 0.5% of the level is left
    public void Channels_that_cancel_each_other_are_named(float gain)
    {
        float[] opposite = [.. First.Select(sample => -gain * sample)];
        var waveform = Read([First, opposite], new());
        var warning = Assert.Single(RecordingChecks.Check(waveform, detectsSpeech: false));
        Assert.Equal(RecordingWarning.Silent, warning.Name);
        Assert.StartsWith("silent: the 2 channels cancel each other", warning.Text, StringComparison.Ordinal);
        Assert.EndsWith(
            "choose --channel loudest",
            warning.Message.Format(key => "--" + key),
            StringComparison.Ordinal
        );
        Assert.Empty(Read([First, opposite], new() { Channel = AudioChannel.Loudest }).Warnings);
    }

    [Fact]
    public void Samples_that_are_not_finite_count_where_they_are_read()
    {
        float[] damaged = [.. Second];
        damaged[100] = damaged[101] = float.NaN;
        damaged[^1] = float.PositiveInfinity;
        Assert.Equal(3, Read([First, damaged], new()).NonFiniteSampleCount);
        Assert.Equal(2, Read([First, damaged], new() { EndSeconds = 0.5 }).NonFiniteSampleCount);
        Assert.Equal(0, Read([First, [.. damaged[..^1], 0]], new() { StartSeconds = 0.25 }).NonFiniteSampleCount);
        Assert.Empty(Read([First, damaged], new() { Channel = AudioChannel.FromNumber(1) }).Warnings);
    }

    private static Waveform Read(AudioChannel channel) => Read([First, Second], new() { Channel = channel });

    private static Waveform Read(float[][] channels, AudioReadOptions options) =>
        AudioReader.ReadBytes(SyntheticWav.FromChannels(channels, Rate), "upload", options, CancellationToken.None);

    private static float[] CreateTone(float firstLevel, float secondLevel) =>
        [
            .. Enumerable
                .Range(0, Rate)
                .Select(i => (i < Rate / 2 ? firstLevel : secondLevel) * (float)Math.Sin(2 * Math.PI * 440 * i / Rate)),
        ];

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-6f);
    }
}
