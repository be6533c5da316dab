using System.Globalization;
using System.Security.Cryptography;
using AttnCrnn.Audio.Speech;
using AttnCrnn.Formats.Numpy;

namespace AttnCrnn.Tests.Audio.Speech;

/// <summary>Against Silero VAD in ONNX Runtime for Python (tests/fixtures/vad).</summary>
public sealed class VoiceActivityDetectorTests
{
    private const double Tolerance = 1e-5;

    private static readonly IReadOnlyDictionary<string, NpyArray> Reference = NpzFile.Read(
        Fixtures.Path("vad", "expected.npz")
    );

    public static TheoryData<string> Sounds => [.. Reference.Keys.Select(key => key.Split('/')[0]).Distinct()];

    [Theory]
    [MemberData(nameof(Sounds))]
    public void Probabilities_are_those_of_the_reference(string sound) =>
        FloatAssert.Near(
            Reference[$"{sound}/speech_probability"].ToSingles(),
            VoiceActivityDetector.ComputeProbabilities(Waveform(sound)),
            Tolerance,
            sound
        );

    [Theory]
    [InlineData("voice", true)]
    [InlineData("voice_in_noise", true)]
    [InlineData("silence_voice_silence", true)]
    [InlineData("silence", false)]
    [InlineData("noise", false)]
    [InlineData("tone_440_hz", false)]
    [InlineData("chord", false)]
    public void Speech_is_found_where_there_is_a_voice(string sound, bool hasSpeech) =>
        Assert.Equal(hasSpeech, VoiceActivityDetector.FindSpeech(Waveform(sound)).Count > 0);

    [Fact]
    public void Speech_between_silences_has_its_times()
    {
        var seconds = Waveform("silence_voice_silence").Length / 16_000.0;
        var speech = VoiceActivityDetector.FindSpeech(Waveform("silence_voice_silence"));
        Assert.InRange(speech[0].StartSeconds, 0.9, 1.3); // a second of silence precedes it
        Assert.InRange(speech[^1].EndSeconds, seconds - 1.6, seconds - 0.7);
    }

    [Fact]
    public void Several_threads_get_the_bits_of_one()
    {
        var samples = Waveform("voice");
        var expected = VoiceActivityDetector.ComputeProbabilities(samples);
        Parallel.For(0, 8, _ => Assert.Equal(expected, VoiceActivityDetector.ComputeProbabilities(samples)));
    }

    [Fact]
    public void No_samples_have_no_speech()
    {
        Assert.Empty(VoiceActivityDetector.ComputeProbabilities([]));
        Assert.Empty(VoiceActivityDetector.FindSpeech([]));
    }

    [Fact]
    public void The_README_gives_the_size_and_the_SHA_256_of_the_model()
    {
        var model = File.ReadAllBytes(Repository.Path("models", "silero-vad", "silero_vad_16k_op15.onnx"));
        var readme = File.ReadAllText(Repository.Path("models", "silero-vad", "README.md"));
        var size = model.Length.ToString("N0", CultureInfo.InvariantCulture);
        Assert.Contains(
            $"{size} bytes, SHA-256 `{Convert.ToHexStringLower(SHA256.HashData(model))}`",
            readme,
            StringComparison.Ordinal
        );
    }

    private static float[] Waveform(string sound) => Reference[$"{sound}/waveform"].ToSingles();
}
