using AttnCrnn.Models;
using AttnCrnn.Models.Normalization;
using AttnCrnn.Training.Batches;

namespace AttnCrnn.Training.Normalization;

/// <summary>Computes mean and standard deviation of every feature over the frames of the training set.</summary>
internal static class NormalizationFit
{
    /// <param name="kind">
    /// <c>corpus</c>, or <c>speaker</c> if these statistics are for clips whose speaker has none.
    /// </param>
    public static FeatureNormalization Compute(
        IFrameSource source,
        IEnumerable<TrainingClip> clips,
        NormalizationMode kind
    )
    {
        var sums = new FrameSums(source.Width);
        foreach (var clip in clips)
        {
            var values = new float[source.CountFrames(clip.Source) * source.Width];
            source.Read(clip.Source, values);
            sums.Add(values);
        }
        return sums.ComputeNormalization(kind);
    }
}
