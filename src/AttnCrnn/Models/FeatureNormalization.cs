using AttnCrnn.Numerics.Elementwise;

namespace AttnCrnn.Models;

/// <summary>Normalizes each feature to mean 0 and standard deviation 1.</summary>
/// <param name="Kind">
/// <c>corpus</c>: mean and standard deviation of the training set; <c>none</c>: no normalization; <c>speaker</c>:
/// per-speaker statistics; in a model, which stores no speakers, those of the training set, used for clips of
/// speakers without statistics.
/// </param>
/// <param name="Mean">[width]; empty for <c>none</c>.</param>
/// <param name="StandardDeviation">[width], non-zero; empty for <c>none</c>.</param>
public sealed record FeatureNormalization(string Kind, float[] Mean, float[] StandardDeviation)
{
    /// <summary>No normalization.</summary>
    public static FeatureNormalization None { get; } = new("none", [], []);

    /// <summary>(x - mean) / standard deviation, in place.</summary>
    /// <param name="frames">[frames, width].</param>
    public void Apply(Span<float> frames)
    {
        var width = Mean.Length;
        for (var offset = 0; width > 0 && offset < frames.Length; offset += width)
            VectorMath.Standardize(frames.Slice(offset, width), Mean, StandardDeviation);
    }
}
