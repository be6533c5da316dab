using AttnCrnn.Encoders;

namespace AttnCrnn.Tests.Encoders.Transformers.Whisper;

/// <summary>Whisper's encoder against transformers, in both contexts (fixtures/encoders/whisper).</summary>
public sealed class WhisperTests
{
    private const double FeatureTolerance = 5e-5;
    private const double StateTolerance = 5e-5; // from the stored features
    private const double WaveformTolerance = 1e-4; // from waveform to states

    public static MatrixTheoryData<string, EncoderContext> Cases { get; } =
        new(["whisper-base-like", "whisper-large-v3-like"], [EncoderContext.Clip, EncoderContext.Padded]);

    [Theory, MemberData(nameof(Cases))]
    public void Features_match_WhisperFeatureExtractor(string checkpoint, EncoderContext context)
    {
        var fixture = new WhisperFixture(checkpoint);
        foreach (var clip in WhisperFixture.Clips)
        {
            var expected = WhisperFixture.Transpose(fixture.LogMel(clip, context));
            FloatAssert.Near(expected, fixture.Features(clip, context), FeatureTolerance, clip);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Hidden_states_of_the_network_match_transformers(string checkpoint, EncoderContext context)
    {
        var fixture = new WhisperFixture(checkpoint);
        foreach (var clip in WhisperFixture.Clips)
        {
            var states = fixture.Run(fixture.LogMel(clip, context), "all");
            var expected = fixture.HiddenStates(clip, context);
            Assert.Equal(expected.Shape[0], states.Length);
            var (values, size) = (expected.ToSingles(), expected.Shape[1] * expected.Shape[2]);
            for (var layer = 0; layer < states.Length; layer++)
            {
                var state = StoredFrames(fixture, clip, context, states[layer]);
                FloatAssert.Near(values.AsSpan(layer * size, size), state, StateTolerance, $"{clip}, layer {layer}");
            }
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Layer_last_is_the_last_hidden_state_after_the_final_norm(string checkpoint, EncoderContext context)
    {
        var fixture = new WhisperFixture(checkpoint);
        foreach (var clip in WhisperFixture.Clips)
        {
            var state = Assert.Single(fixture.Run(fixture.LogMel(clip, context), "last"));
            var expected = fixture.LastHiddenState(clip, context).ToSingles();
            FloatAssert.Near(expected, StoredFrames(fixture, clip, context, state), StateTolerance, clip);
        }
    }

    [Theory]
    [InlineData("whisper-base-like")]
    [InlineData("whisper-large-v3-like")]
    public void Mean_and_mean_square_over_the_window_match_transformers(string checkpoint)
    {
        var fixture = new WhisperFixture(checkpoint);
        foreach (var clip in WhisperFixture.Clips)
        {
            var logMel = fixture.LogMel(clip, EncoderContext.Padded);
            float[][] states = [.. fixture.Run(logMel, "all"), .. fixture.Run(logMel, "last")];
            var expected = fixture.MeanAndMeanSquare(clip);
            Assert.Equal(expected.Length, 2 * states.Length);
            for (var i = 0; i < states.Length; i++)
            {
                Assert.Equal(1500 * fixture.LastHiddenState(clip, EncoderContext.Padded).Shape[1], states[i].Length);
                Assert.Equal(expected[2 * i], states[i].Average(value => (double)value), StateTolerance);
                Assert.Equal(expected[(2 * i) + 1], states[i].Average(value => (double)value * value), StateTolerance);
            }
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Hidden_states_of_a_waveform_match_transformers(string checkpoint, EncoderContext context)
    {
        var fixture = new WhisperFixture(checkpoint);
        using var encoder = fixture.OpenEncoder(context, "all");
        foreach (var clip in WhisperFixture.Clips)
        {
            var frames = encoder.Encode(fixture.Waveform(clip));
            var expected = fixture.HiddenStates(clip, context);
            FrameAssert.States(expected, fixture.RealFrames(clip, context), frames, _ => WaveformTolerance, clip);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Layer_last_of_a_waveform_matches_transformers(string checkpoint, EncoderContext context)
    {
        var fixture = new WhisperFixture(checkpoint);
        using var encoder = fixture.OpenEncoder(context, "last");
        foreach (var clip in WhisperFixture.Clips)
        {
            var frames = encoder.Encode(fixture.Waveform(clip));
            Assert.Equal((fixture.RealFrames(clip, context), 1), (frames.Count, frames.Layers));
            var expected = fixture.LastHiddenState(clip, context).ToSingles();
            FloatAssert.Near(expected.AsSpan(0, frames.Values.Length), frames.Values, WaveformTolerance, clip);
        }
    }

    [Fact]
    public void A_range_of_layers_is_the_mean_of_their_hidden_states()
    {
        var fixture = new WhisperFixture("whisper-base-like");
        using var encoder = fixture.OpenEncoder(EncoderContext.Clip, "1-2");
        var states = fixture.HiddenStates("odd_length", EncoderContext.Clip);
        var (values, size) = (states.ToSingles(), states.Shape[1] * states.Shape[2]);
        float[] mean = [.. Enumerable.Range(0, size).Select(i => (values[size + i] + values[(2 * size) + i]) / 2)];
        FloatAssert.Near(mean, encoder.Encode(fixture.Waveform("odd_length")).Values, WaveformTolerance, "layers 1-2");
    }

    // The stored frames of all frames of a window.
    private static float[] StoredFrames(WhisperFixture fixture, string clip, EncoderContext context, float[] state)
    {
        var width = fixture.LastHiddenState(clip, context).Shape[1];
        var frames = fixture.KeptFrames(clip, context);
        Assert.Equal(context == EncoderContext.Padded ? 1500 : frames.Length, state.Length / width);
        return [.. frames.SelectMany(frame => state.Skip(frame * width).Take(width))];
    }
}
