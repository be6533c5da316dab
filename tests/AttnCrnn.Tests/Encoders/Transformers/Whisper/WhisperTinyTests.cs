using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Formats.Numpy;

namespace AttnCrnn.Tests.Encoders.Transformers.Whisper;

/// <summary>The built-in encoder, with the published weights, against transformers.</summary>
public sealed class WhisperTinyTests
{
    private const double RelativeTolerance = 2e-4; // relative to a layer's largest value
    private const double FeatureTolerance = 5e-5;

    private static readonly string Folder = Repository.Path("models", "whisper-tiny.en");

    [Theory]
    [InlineData(EncoderContext.Clip, "clip")]
    [InlineData(EncoderContext.Padded, "padded")]
    public void Hidden_states_from_the_repositorys_folder_match_transformers(EncoderContext context, string key)
    {
        using var encoder = new SpeechEncoder(Folder, "whisper-tiny.en", null, new("all") { Context = context });
        AssertStates(encoder, key);
    }

    [Theory]
    [InlineData(EncoderContext.Clip, "clip")]
    [InlineData(EncoderContext.Padded, "padded")]
    public void Hidden_states_of_the_built_in_encoder_match_transformers(EncoderContext context, string key)
    {
        var request = new EncoderRequest("whisper-tiny.en", "all") { Speech = new() { Context = context } };
        using var encoder = EncoderCatalog.Open(request, notice => Assert.Fail(notice));
        AssertStates(encoder, key);
    }

    [Theory]
    [InlineData(EncoderContext.Clip, "clip")]
    [InlineData(EncoderContext.Padded, "padded")]
    public void Layer_last_matches_the_last_hidden_state_of_transformers(EncoderContext context, string key)
    {
        var request = new EncoderRequest("whisper-tiny.en", "last") { Speech = new() { Context = context } };
        using var encoder = EncoderCatalog.Open(request, notice => Assert.Fail(notice));
        var arrays = ReadExpected();
        var expected = arrays[$"voice/{key}/last_hidden_state"].ToSingles();
        var frames = encoder.Encode(arrays["voice/waveform"].ToSingles());
        FloatAssert.Near(expected, frames.Values, RelativeTolerance * FloatAssert.Largest(expected), "last");
    }

    [Theory]
    [InlineData(EncoderContext.Clip, "clip")]
    [InlineData(EncoderContext.Padded, "padded")]
    public void Features_match_WhisperFeatureExtractor(EncoderContext context, string key)
    {
        var arrays = ReadExpected();
        var network = SpeechCheckpoint.Open(Folder).ReadNetwork(new() { Context = context });
        var features = network.CreateInput(arrays["voice/waveform"].ToSingles()).Values;
        var expected = WhisperFixture.Transpose(arrays[$"voice/{key}/log_mel"]); // padded, only the clip's frames
        FloatAssert.Near(expected, features.AsSpan(0, expected.Length), FeatureTolerance, key);
    }

    private static void AssertStates(IEncoder encoder, string key)
    {
        var arrays = ReadExpected();
        var states = arrays[$"voice/{key}/hidden_states"];
        var frames = encoder.Encode(arrays["voice/waveform"].ToSingles());
        var count = (int)arrays["voice/real_frames"].ToInt64s()[0];
        FrameAssert.States(states, count, frames, largest => RelativeTolerance * largest, "voice");
    }

    private static IReadOnlyDictionary<string, NpyArray> ReadExpected() =>
        NpzFile.Read(Fixtures.Path("encoders", "whisper-tiny.en", "expected.npz"));
}
