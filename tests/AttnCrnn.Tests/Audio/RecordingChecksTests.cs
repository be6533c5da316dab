using AttnCrnn.Audio;
using AttnCrnn.Formats;
using AttnCrnn.Formats.Numpy;

namespace AttnCrnn.Tests.Audio;

public sealed class RecordingChecksTests
{
    private static readonly IReadOnlyDictionary<string, NpyArray> Sounds = NpzFile.Read(
        Fixtures.Path("vad", "expected.npz")
    );

    [Theory]
    [InlineData("voice")]
    [InlineData("noise", RecordingWarning.NoSpeech)]
    [InlineData("tone_440_hz", RecordingWarning.NoSpeech)]
    [InlineData("silence", RecordingWarning.Silent, RecordingWarning.NoSpeech)]
    public void Sounds_have_their_warnings(string sound, params string[] names) =>
        AssertWarnings(names, Sounds[$"{sound}/waveform"].ToSingles());

    [Fact]
    public void Without_the_detector_there_is_no_warning_about_speech() =>
        Assert.Empty(RecordingChecks.Check(new(Tone(1, 0.3f), 0, []), detectsSpeech: false));

    [Fact]
    public void Faint_noise_of_a_codec_is_silent() =>
        AssertWarnings([RecordingWarning.Silent, RecordingWarning.NoSpeech], Tone(1, 0.00005f));

    [Fact]
    public void Clipping_is_found() =>
        AssertWarnings([RecordingWarning.Clipped, RecordingWarning.NoSpeech], Tone(1, 3));

    [Theory]
    [InlineData(0.49, RecordingWarning.TooShort)]
    [InlineData(60.5, RecordingWarning.VeryLong)]
    public void Lengths_outside_the_limits_are_named(double seconds, string name) =>
        AssertWarnings([name, RecordingWarning.NoSpeech], Tone(seconds, 0.3f));

    [Fact]
    public void Warnings_of_the_decoder_come_first()
    {
        RecordingWarning truncated = new(RecordingWarning.Truncated, "truncated: 3 samples are missing");
        var warnings = RecordingChecks.Check(new(new float[16_000], 0, [truncated]));
        Assert.Equal(truncated, warnings[0]);
        Assert.Equal(3, warnings.Count);
    }

    private static void AssertWarnings(string[] names, float[] samples) =>
        Assert.Equal(names, RecordingChecks.Check(new(samples, 0, [])).Select(warning => warning.Name));

    private static float[] Tone(double seconds, float level) =>
        [.. Enumerable.Range(0, (int)(seconds * 16_000)).Select(i => Math.Clamp(level * MathF.Sin(i * 0.1f), -1, 1))];
}
