using AttnCrnn.Encoders;
using AttnCrnn.Formats;

namespace AttnCrnn.Tests.Encoders;

/// <summary>Whisper's encoder against transformers: tiny checkpoints of our own (fixtures/encoders/whisper), and the real one that is inside the program.</summary>
public sealed class WhisperTests
{
    private const double StateTolerance = 1e-4; // from waveform to states

    [Theory]
    [InlineData("whisper-base-like")]
    [InlineData("whisper-large-v3-like")]
    public void Every_hidden_state_is_what_transformers_gives_at_the_clips_own_length(string checkpoint)
    {
        var folder = Shared.Fixture("encoders", "whisper", checkpoint);
        var (given, expected) = (NpzFile.Read(Path.Combine(folder, "expected.npz")), NpzFile.Read(Path.Combine(folder, "expected_clip.npz")));
        using var encoder = new SpeechEncoder(folder, "whisper", null, new("all"));
        foreach (var clip in (string[])["two_and_a_half_seconds", "odd_length"])
        {
            var frames = encoder.Encode(given[$"{clip}/waveform"].ToSingles());
            AssertStates(expected[$"{clip}/hidden_states"], frames, StateTolerance);
        }
    }

    private static void AssertStates(NpyArray expected, FrameMatrix frames, double tolerance)
    {
        var (layers, count, width) = (expected.Shape[0], expected.Shape[1], expected.Shape[2]);
        Assert.Equal((count, layers, width), (frames.Count, frames.Layers, frames.Width));
        var values = expected.ToSingles();
        for (var layer = 0; layer < layers; layer++)
            for (var frame = 0; frame < count; frame++)
                for (var i = 0; i < width; i++)
                    Assert.Equal(values[(((layer * count) + frame) * width) + i], frames.Values[(((frame * layers) + layer) * width) + i], tolerance);
    }
}
