using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;

namespace AttnCrnn.Tests.Encoders.Transformers.Whisper;

/// <summary>Frames of N samples: ⌈⌊N / 160⌋ / 2⌉ unpadded, ⌈N / 320⌉ padded.</summary>
public sealed class WhisperFrameCountTests : IDisposable
{
    private readonly WhisperCheckpointBuilder checkpoint = new(
        new()
        {
            Layers = 1,

            Positions = 1500,
        }
    );

    /// <summary>Samples; frames unpadded; frames padded.</summary>
    private static readonly (int Samples, int Clip, int Padded)[] Counts =
    [
        (0, 0, 0),
        (1, 0, 1),
        (159, 0, 1), // less than one mel frame
        (160, 1, 1),
        (161, 1, 1),
        (200, 1, 1), // no longer than the reflection
        (320, 1, 1),
        (321, 1, 2),
        (479, 1, 2),
        (480, 2, 2), // three mel frames
        (9777, 31, 31),
        (16_000, 50, 50),
        (16_001, 50, 51),
        (479_999, 1500, 1500),
        (480_000, 1500, 1500),
        (480_001, 1500, 1501), // beyond a window of 30 s
        (480_160, 1501, 1501),
        (496_000, 1550, 1550),
    ];

    public static TheoryData<int, int> ClipCounts { get; } = [.. Counts.Select(count => (count.Samples, count.Clip))];

    public static TheoryData<int, int> PaddedCounts { get; } =
    [.. Counts.Select(count => (count.Samples, count.Padded))];

    public void Dispose() => checkpoint.Dispose();

    [Theory, MemberData(nameof(ClipCounts))]
    public void Unpadded_frames_are_half_the_mel_frames_rounded_up(int samples, int frames) =>
        Assert.Equal(frames, Network(EncoderContext.Clip).CountFrames(samples));

    [Theory, MemberData(nameof(PaddedCounts))]
    public void Padded_frames_are_those_that_overlap_the_clip(int samples, int frames) =>
        Assert.Equal(frames, Network(EncoderContext.Padded).CountFrames(samples));

    [Fact]
    public void Encode_gives_the_frames_of_the_unpadded_clip()
    {
        using var encoder = checkpoint.Open("last", EncoderContext.Clip);
        foreach (var (samples, frames, _) in Counts.Where(count => count.Samples < 20_000))
            AssertFrames(encoder, samples, frames);
    }

    [Fact]
    public void Encode_gives_the_padded_frames_that_overlap_the_clip()
    {
        using var encoder = checkpoint.Open("last", EncoderContext.Padded);
        foreach (var (samples, _, frames) in Counts.Where(count => count.Samples < 20_000))
            AssertFrames(encoder, samples, frames);
    }

    [Theory]
    [InlineData(EncoderContext.Clip, 480_160, 1501)]
    [InlineData(EncoderContext.Padded, 480_001, 1501)]
    public void Encode_gives_one_frame_more_than_a_window_has(EncoderContext context, int samples, int frames)
    {
        using var encoder = checkpoint.Open("last", context);
        AssertFrames(encoder, samples, frames);
    }

    private void AssertFrames(SpeechEncoder encoder, int samples, int frames)
    {
        var frameMatrix = encoder.Encode([.. Enumerable.Range(0, samples).Select(i => 0.3f * MathF.Sin(i * 0.1f))]);
        Assert.Equal((frames, frames * checkpoint.Shape.Width), (frameMatrix.Count, frameMatrix.Values.Length));
        Assert.All(frameMatrix.Values, value => Assert.True(float.IsFinite(value)));
    }

    private ISpeechNetwork Network(EncoderContext context) =>
        SpeechCheckpoint.Open(checkpoint.Folder).ReadNetwork(new() { Context = context });
}
