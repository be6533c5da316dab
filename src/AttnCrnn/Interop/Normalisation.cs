using AttnCrnn.Kernels;

namespace AttnCrnn.Interop;

/// <summary>Frames to mean 0 and deviation 1 a feature, by figures of the training side.</summary>
/// <param name="Kind"><c>corpus</c>, or <c>none</c>: frames stay as they are.</param>
/// <param name="Mean">[width]; empty for none.</param>
/// <param name="Deviation">[width], none of them 0; empty for none.</param>
public sealed record Normalisation(string Kind, float[] Mean, float[] Deviation)
{
    /// <summary>Frames stay as they are.</summary>
    public static Normalisation None { get; } = new("none", [], []);

    /// <summary>(x - mean) / deviation, in place.</summary>
    /// <param name="frames">[frames, width].</param>
    public void Apply(Span<float> frames)
    {
        var width = Mean.Length;
        for (var at = 0; width > 0 && at < frames.Length; at += width) Elementwise.Standardise(frames.Slice(at, width), Mean, Deviation);
    }
}
