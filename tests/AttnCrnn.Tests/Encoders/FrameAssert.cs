using AttnCrnn.Encoders;
using AttnCrnn.Formats.Numpy;

namespace AttnCrnn.Tests.Encoders;

/// <summary>Comparisons of frames with a reference, which report the first difference.</summary>
internal static class FrameAssert
{
    /// <summary>Asserts that every hidden state of a clip's frames is the expected one.</summary>
    /// <param name="expected">[layers, count or more, width]; frames beyond count are ignored.</param>
    /// <param name="count">Expected number of frames.</param>
    /// <param name="tolerance">Maps a layer's largest absolute value to the absolute tolerance.</param>
    public static void States(
        NpyArray expected,
        int count,
        FrameMatrix frames,
        Func<double, double> tolerance,
        string clip
    )
    {
        var (layers, rows, width) = (expected.Shape[0], expected.Shape[1], expected.Shape[2]);
        Assert.Equal((count, layers, width), (frames.Count, frames.Layers, frames.Width));
        var values = expected.ToSingles();
        for (var layer = 0; layer < layers; layer++)
        {
            var state = values.AsSpan(layer * rows * width, count * width);
            var allowed = tolerance(FloatAssert.Largest(state));
            for (var frame = 0; frame < count; frame++)
                FloatAssert.Near(
                    state.Slice(frame * width, width),
                    frames.Values.AsSpan(((frame * layers) + layer) * width, width),
                    allowed,
                    $"{clip}, layer {layer}, frame {frame}"
                );
        }
    }
}
