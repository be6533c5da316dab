using AttnCrnn.Models;
using AttnCrnn.Models.Normalization;
using AttnCrnn.Training.Batches;

namespace AttnCrnn.Training.Normalization;

/// <summary>The normalizations of a source's clips with the statistics of their speakers.</summary>
public static class SpeakerNormalizations
{
    /// <summary>
    /// Computes for each clip of a source the statistics of its speaker over all the speaker's clips.
    /// </summary>
    /// <param name="speakers">[clips], null if unknown.</param>
    /// <returns>[clips]; null if the speaker is unknown or has too few clips or frames.</returns>
    public static IReadOnlyList<FeatureNormalization?> Compute(IFrameSource source, IReadOnlyList<string?> speakers)
    {
        var statistics = new SpeakerStatistics(source.Width);
        for (var clip = 0; clip < speakers.Count; clip++)
        {
            if (speakers[clip] is not { } speaker)
                continue;
            var values = new float[source.CountFrames(clip) * source.Width];
            source.Read(clip, values);
            statistics.Add(speaker, values);
        }
        return [.. speakers.Select(statistics.Compute)];
    }
}
