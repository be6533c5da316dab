using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;

namespace AttnCrnn.Tests.Encoders.Transformers.Whisper;

/// <summary>Random checkpoints of many shapes against a float64 encoder in plain loops.</summary>
public sealed class WhisperReferenceTests
{
    private const double Tolerance = 1e-5; // relative to the largest value: float32 against float64

    private static readonly Dictionary<string, WhisperShape> Shapes = new()
    {
        ["one layer of one head"] = new()
        {
            Layers = 1,

            Heads = 1,
        },
        ["three heads, no prefix, float16"] = new()
        {
            Width = 12,
            Heads = 3,
            FeedForward = 20,
            Prefix = "",
            IsHalf = true,
        },
        ["128 bands, relu"] = new()
        {
            Width = 24,
            Heads = 3,
            Layers = 3,
            FeedForward = 7,
            Bands = 128,
            Activation = "relu",
        },
        ["float16 at odd places"] = new()
        {
            Width = 9,
            Heads = 3,
            FeedForward = 11,
            IsHalf = true,
            Prefix = "encoder.",
        },
        ["128 bands, float16, silu"] = new()
        {
            Width = 18,
            FeedForward = 48,
            Bands = 128,
            IsHalf = true,
            Activation = "silu",
        },
        ["gelu_new, one second"] = new()
        {
            Width = 10,
            Heads = 5,
            FeedForward = 33,
            Positions = 50,
            Activation = "gelu_new",
        },
        ["gelu_fast, four layers"] = new()
        {
            Width = 16,
            Layers = 4,
            Prefix = "encoder.",
            Activation = "gelu_fast",
        },
        ["gelu_pytorch_tanh"] = new()
        {
            Width = 16,
            Heads = 8,
            Prefix = "",
            Activation = "gelu_pytorch_tanh",
        },
        ["swish"] = new()
        {
            Width = 14,
            Heads = 7,
            FeedForward = 56,
            Activation = "swish",
        },
    };

    public static MatrixTheoryData<string, EncoderContext, int> ShortClips { get; } =
        new(Shapes.Keys, [EncoderContext.Clip, EncoderContext.Padded], [1, 161, 400, 9777]);

    [Theory]
    [InlineData(EncoderContext.Clip)]
    [InlineData(EncoderContext.Padded)]
    public void The_reference_matches_transformers(EncoderContext context)
    {
        var fixture = new WhisperFixture("whisper-base-like");
        const string prefix = "model.encoder.";
        var tensors = CheckpointBuilder
            .ReadAll(fixture.Folder)
            .Where(tensor => tensor.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(tensor => tensor.Key[prefix.Length..], tensor => Array.ConvertAll(tensor.Value, ToDouble));
        var shape = new WhisperShape
        {
            Width = 20,
            Heads = 4,
            Layers = 3,
            FeedForward = 48,
            Positions = 1500,
        };
        var reference = new WhisperReference(shape, tensors);
        var window = fixture.Waveform("odd_length");
        if (context == EncoderContext.Padded)
            Array.Resize(ref window, 480_000);
        var logMel = WhisperReference.LogMel(window, bands: 80);
        var frameIndices = fixture.KeptFrames("odd_length", context);
        float[][] expected =
        [
            .. fixture.HiddenStates("odd_length", context).ToSingles().Chunk(20 * frameIndices.Length),
            fixture.LastHiddenState("odd_length", context).ToSingles(),
        ];
        double[][][] states = [.. reference.HiddenStates(logMel), reference.LastHiddenState(logMel)];
        Assert.Equal(expected.Length, states.Length);
        for (var layer = 0; layer < states.Length; layer++)
        {
            var stored = Singles(frameIndices.Select(frame => states[layer][frame]));
            FloatAssert.Near(expected[layer], stored, 5e-5, $"layer {layer}");
        }
    }

    [Theory, MemberData(nameof(ShortClips))]
    public void Hidden_states_match_the_reference(string name, EncoderContext context, int samples)
    {
        using var checkpoint = new WhisperCheckpointBuilder(Shapes[name]);
        using var encoder = checkpoint.Open("all", context);
        var clip = Sound(samples);
        var frames = encoder.Encode(clip);
        if (samples < 160 && context == EncoderContext.Clip)
        {
            Assert.Equal(0, frames.Count);
            return;
        }
        var logMel = WhisperReference.LogMel(Window(clip, checkpoint.Shape, context), checkpoint.Shape.Bands);
        var states = new WhisperReference(checkpoint.Shape, checkpoint.Tensors).HiddenStates(logMel);
        AssertSame(states, frames, frame => frame);
    }

    [Theory]
    [InlineData(EncoderContext.Clip)]
    [InlineData(EncoderContext.Padded)]
    public void Layer_last_matches_the_reference_after_its_final_norm(EncoderContext context)
    {
        using var checkpoint = new WhisperCheckpointBuilder(new());
        using var encoder = checkpoint.Open("last", context);
        var clip = Sound(9777);
        var logMel = WhisperReference.LogMel(Window(clip, checkpoint.Shape, context), checkpoint.Shape.Bands);
        var last = new WhisperReference(checkpoint.Shape, checkpoint.Tensors).LastHiddenState(logMel);
        AssertSame([last], encoder.Encode(clip), frame => frame);
    }

    /// <param name="firstFrames">
    /// First frames of the windows of 1500 frames: the last is full, and so starts earlier.
    /// </param>
    [Theory]
    [InlineData(480_000, EncoderContext.Clip, 0)]
    [InlineData(496_000, EncoderContext.Clip, 0, 50)]
    [InlineData(496_123, EncoderContext.Clip, 0, 50)] // 1550 frames: 123 samples are too few for another
    [InlineData(496_123, EncoderContext.Padded, 0, 51)] // 1551
    [InlineData(976_000, EncoderContext.Clip, 0, 1300, 1550)]
    public void A_long_clip_is_encoded_in_30_s_windows_that_overlap(
        int samples,
        EncoderContext context,
        params int[] firstFrames
    )
    {
        const int windowFrames = 1500,
            droppedFrames = 100;
        using var checkpoint = new WhisperCheckpointBuilder(
            new()
            {
                Layers = 1,

                Positions = windowFrames,
            }
        );
        using var encoder = checkpoint.Open("all", context);
        var clip = Sound(samples, loudSamples: 8000);
        var frames = encoder.Encode(clip);
        Assert.Equal(firstFrames[^1] + windowFrames, frames.Count);
        var reference = new WhisperReference(checkpoint.Shape, checkpoint.Tensors);
        var seam = 0;
        foreach (var first in firstFrames)
        {
            var begin = 320 * first;
            var end = first == firstFrames[^1] ? samples : begin + 480_000;
            var window = Window(clip[begin..end], checkpoint.Shape, context);
            var logMel = WhisperReference.LogMel(window, checkpoint.Shape.Bands);
            var states = reference.HiddenStates(logMel);
            var next = first == firstFrames[^1] ? frames.Count : first + windowFrames - droppedFrames;
            AssertSame(states, Slice(frames, seam, next), frame => seam - first + frame);
            seam = next;
        }
    }

    [Fact]
    public void Int8_hidden_states_are_within_a_few_percent_of_the_reference()
    {
        using var checkpoint = new WhisperCheckpointBuilder(
            new()
            {
                Width = 24,

                FeedForward = 48,
            }
        );
        var options = new SpeechOptions("last") { Precision = SpeechPrecision.Int8 };
        using var encoder = new SpeechEncoder(checkpoint.Folder, "tiny", null, options);
        var clip = Sound(9777);
        var logMel = WhisperReference.LogMel(clip, checkpoint.Shape.Bands);
        var expected = Singles(new WhisperReference(checkpoint.Shape, checkpoint.Tensors).LastHiddenState(logMel));
        var actual = encoder.Encode(clip).Values;
        var error = expected.Zip(actual, (a, b) => (a - b) * (double)(a - b)).Sum();
        Assert.InRange(Math.Sqrt(error / expected.Sum(value => (double)value * value)), 1e-5, 0.05);
    }

    private static void AssertSame(double[][][] states, FrameMatrix frames, Func<int, int> frameOf)
    {
        Assert.Equal((states.Length, states[0][0].Length), (frames.Layers, frames.Width));
        for (var layer = 0; layer < states.Length; layer++)
        {
            var tolerance = Tolerance * FloatAssert.Largest(Singles(states[layer]));
            for (var frame = 0; frame < frames.Count; frame++)
                FloatAssert.Near(
                    Singles([states[layer][frameOf(frame)]]),
                    frames.Values.AsSpan(((frame * frames.Layers) + layer) * frames.Width, frames.Width),
                    tolerance,
                    $"layer {layer}, frame {frame}"
                );
        }
    }

    private static FrameMatrix Slice(FrameMatrix frames, int first, int end)
    {
        var width = frames.Layers * frames.Width;
        return frames with
        {
            Values = frames.Values[(first * width)..(end * width)],

            Count = end - first,
        };
    }

    private static float[] Window(float[] clip, WhisperShape shape, EncoderContext context) =>
        context == EncoderContext.Padded ? [.. clip, .. new float[shape.WindowSamples - clip.Length]] : clip;

    // A tone and noise; 80 dB quieter after the loud start, so that the clamp to a window's maximum has an effect.
    private static float[] Sound(int samples, int loudSamples = int.MaxValue)
    {
        var random = new Random(samples);
        return
        [
            .. Enumerable
                .Range(0, samples)
                .Select(i =>
                {
                    var value = (0.4 * Math.Sin(i * 0.08)) + (0.2 * (random.NextDouble() - 0.5));
                    return (float)(i < loudSamples ? value : 1e-4 * value);
                }),
        ];
    }

    private static double ToDouble(float value) => value;

    private static float[] Singles(IEnumerable<double[]> rows) =>
        [.. rows.SelectMany(row => row).Select(value => (float)value)];
}
