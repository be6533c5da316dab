using AttnCrnn.Numerics.Elementwise;

namespace AttnCrnn.Models;

/// <summary>Frames to mean 0 and deviation 1 a feature.</summary>
/// <param name="Kind">
/// <c>corpus</c>: by the training side's figures; <c>none</c>: frames stay as they are; <c>speaker</c>: by one speaker's figures, and in a model, which keeps nothing of
/// speakers, by the training side's, for clips whose speaker has none.
/// </param>
/// <param name="Mean">[width]; empty for none.</param>
/// <param name="StandardDeviation">[width], none of them 0; empty for none.</param>
public sealed record FeatureNormalization(string Kind, float[] Mean, float[] StandardDeviation)
{
    /// <summary>Frames stay as they are.</summary>
    public static FeatureNormalization None { get; } = new("none", [], []);

    /// <summary>(x - mean) / deviation, in place.</summary>
    /// <param name="frames">[frames, width].</param>
    public void Apply(Span<float> frames)
    {
        var width = Mean.Length;
        for (var at = 0; width > 0 && at < frames.Length; at += width)
            VectorMath.Standardize(frames.Slice(at, width), Mean, StandardDeviation);
    }
}
