using AttnCrnn.Encoders;
using AttnCrnn.Testing.Encoders.References;
using AttnCrnn.Testing.Encoders.References.Shapes;

namespace AttnCrnn.Tests.Encoders.Transformers;

/// <summary>Random checkpoints of many shapes against float64 encoders in plain loops.</summary>
public sealed class FamilyShapeTests
{
    private const double Tolerance = 5e-5;

    public static MatrixTheoryData<string, string> Clips { get; } =
        new(FamilyShapes.All.Keys, ["shortest", "even frames", "odd frames", "odd frames and a remainder"]);

    [Theory, MemberData(nameof(Clips))]
    public void Hidden_states_match_the_reference(string shape, string clip)
    {
        using var checkpoint = new RandomCheckpoint(FamilyShapes.All[shape]);
        using var encoder = checkpoint.Open("all");
        var waveform = CreateSound(shape, clip);
        AssertSame(checkpoint.Encode(waveform).HiddenStates, encoder.Encode(waveform));
    }

    [Theory, MemberData(nameof(Clips))]
    public void Layer_last_matches_the_reference(string shape, string clip)
    {
        using var checkpoint = new RandomCheckpoint(FamilyShapes.All[shape]);
        using var encoder = checkpoint.Open("last");
        var waveform = CreateSound(shape, clip);
        AssertSame([checkpoint.Encode(waveform).LastHiddenState], encoder.Encode(waveform));
    }

    [Theory, MemberData(nameof(Clips))]
    public void The_random_weights_give_states_of_moderate_size_that_vary(string shape, string clip)
    {
        using var checkpoint = new RandomCheckpoint(FamilyShapes.All[shape]);
        var states = checkpoint.Encode(CreateSound(shape, clip));
        foreach (var state in states.HiddenStates.Append(states.LastHiddenState))
        {
            Assert.InRange(FloatAssert.Largest(Singles(state)), 0.5, 20);
            if (clip != "shortest")
                Assert.InRange(state[0].Zip(state[^1], (a, b) => Math.Abs(a - b)).Max(), 0.05, 20);
        }
    }

    private static void AssertSame(double[][][] states, FrameMatrix frames)
    {
        Assert.Equal(
            (states.Length, states[0].Length, states[0][0].Length),
            (frames.Layers, frames.Count, frames.Width)
        );
        for (var layer = 0; layer < frames.Layers; layer++)
        for (var frame = 0; frame < frames.Count; frame++)
            FloatAssert.Near(
                Singles([states[layer][frame]]),
                frames.Values.AsSpan(((frame * frames.Layers) + layer) * frames.Width, frames.Width),
                Tolerance,
                $"layer {layer}, frame {frame}"
            );
    }

    // Noise and a tone of varying loudness, with an offset that normalization removes. The loudness rises at first, so
    // that features that are normalized over two frames only are not a quotient of small differences.
    private static float[] CreateSound(string name, string clip)
    {
        var shape = FamilyShapes.All[name];
        var frames = clip switch
        {
            "shortest" => shape.MinFrames,
            "even frames" => 26,
            _ => 27,
        };
        var hop = shape.CountSamples(28) - shape.CountSamples(27);
        var samples = shape.CountSamples(frames) + (clip.EndsWith("remainder", StringComparison.Ordinal) ? hop - 1 : 0);
        var random = new Random(samples);
        return
        [
            .. Enumerable
                .Range(0, samples)
                .Select(i =>
                {
                    var loudness = Math.Min(1, Math.Exp((i - 600) * 0.01)) * (1.1 + Math.Sin(i * 0.003));
                    var noise = 0.25 * (random.NextDouble() - 0.5);
                    return (float)((loudness * (noise + (0.05 * Math.Sin(i * 0.08)))) + 0.05);
                }),
        ];
    }

    private static float[] Singles(IEnumerable<double[]> rows) =>
        [.. rows.SelectMany(row => row).Select(value => (float)value)];
}
