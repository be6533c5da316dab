using AttnCrnn.Encoders;
using AttnCrnn.Formats;

namespace AttnCrnn.Tests.Encoders;

/// <summary>Comparisons of frames with those of a reference, which name the first value that is off.</summary>
internal static class FrameAssert
{
    /// <summary>Every value is within the tolerance of what was expected.</summary>
    /// <param name="tolerance">Absolute.</param>
    /// <param name="what">What is compared, for the message.</param>
    public static void Near(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            if (!(Math.Abs(expected[i] - actual[i]) <= tolerance))
                Assert.Fail($"{what}: {actual[i]} where {expected[i]} was expected, at {i}");
    }

    /// <summary>Every hidden state of a clip's frames is the expected one.</summary>
    /// <param name="expected">[layers, count or more, width]; what is more is not compared.</param>
    /// <param name="count">Frames that the clip must have.</param>
    /// <param name="tolerance">Absolute, given a layer's largest value.</param>
    public static void States(
        NpyArray expected, int count, FrameMatrix frames, Func<double, double> tolerance, string clip)
    {
        var (layers, rows, width) = (expected.Shape[0], expected.Shape[1], expected.Shape[2]);
        Assert.Equal((count, layers, width), (frames.Count, frames.Layers, frames.Width));
        var values = expected.ToSingles();
        for (var layer = 0; layer < layers; layer++)
        {
            var state = values.AsSpan(layer * rows * width, count * width);
            var allowed = tolerance(Largest(state));
            for (var frame = 0; frame < count; frame++)
                Near(
                    state.Slice(frame * width, width),
                    frames.Values.AsSpan(((frame * layers) + layer) * width, width),
                    allowed,
                    $"{clip}, layer {layer}, frame {frame}");
        }
    }

    /// <summary>The largest absolute value.</summary>
    public static double Largest(ReadOnlySpan<float> values)
    {
        var largest = 0f;
        foreach (var value in values) largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }
}
