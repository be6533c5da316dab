using AttnCrnn.Models;
using AttnCrnn.Training.Batches;

namespace AttnCrnn.Training.Normalization;

/// <summary>Mean and deviation of every feature over the frames of the training side.</summary>
internal static class NormalizationFit
{
    /// <param name="kind"><c>corpus</c>, or <c>speaker</c>, where these figures are for clips whose speaker has none.</param>
    public static FeatureNormalization Compute(IFrameSource source, IEnumerable<TrainingClip> clips, string kind)
    {
        var sums = new FrameSums(source.Width);
        foreach (var clip in clips)
        {
            var values = new float[source.Frames(clip.Source) * source.Width];
            source.Read(clip.Source, values);
            sums.Add(values);
        }
        return sums.Fit(kind);
    }
}
