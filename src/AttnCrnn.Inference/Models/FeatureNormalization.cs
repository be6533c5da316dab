using AttnCrnn.Numerics.Elementwise;

namespace AttnCrnn.Models;

/// <summary>Normalizes each feature to mean 0 and standard deviation 1.</summary>
/// <param name="Kind">
/// For speaker normalization: per-speaker statistics; in a model, which stores no speakers, those of the training set,
/// used for clips of speakers without statistics.
/// </param>
/// <param name="Mean">[width]; empty without normalization.</param>
/// <param name="StandardDeviation">[width], non-zero; empty without normalization.</param>
public sealed record FeatureNormalization(NormalizationMode Kind, float[] Mean, float[] StandardDeviation)
{
    /// <summary>No normalization.</summary>
    public static FeatureNormalization None { get; } = new(NormalizationMode.None, [], []);

    /// <summary>(x - mean) / standard deviation, in place.</summary>
    /// <param name="frames">[frames, width].</param>
    public void Apply(Span<float> frames)
    {
        var width = Mean.Length;
        for (var offset = 0; width > 0 && offset < frames.Length; offset += width)
            VectorMath.Standardize(frames.Slice(offset, width), Mean, StandardDeviation);
    }
}
