using AttnCrnn.IO;
using AttnCrnn.Models;
using AttnCrnn.Training.Batches;

namespace AttnCrnn.Training.Normalization;

/// <summary>
/// Normalizes each clip's frames, with the statistics of its speaker if there are any, otherwise with the corpus
/// statistics.
/// </summary>
/// <param name="corpus">Statistics of the training set, or <see cref="FeatureNormalization.None"/>.</param>
/// <param name="speakerNormalizations">Per clip of the source; null to use the corpus statistics for all.</param>
internal sealed class ClipNormalization(
    FeatureNormalization corpus,
    IReadOnlyList<FeatureNormalization?>? speakerNormalizations
)
{
    /// <summary>Normalizes in place.</summary>
    /// <param name="clip">Index of the clip in its source.</param>
    /// <param name="frames">[frames, width].</param>
    public void Apply(int clip, Span<float> frames) => (speakerNormalizations?[clip] ?? corpus).Apply(frames);

    /// <summary>
    /// Hash of the speaker statistics of these clips; empty if there are none. Other clips of the speakers contribute
    /// to these statistics, so that adding or removing one changes the results.
    /// </summary>
    public string ComputeFingerprint(IEnumerable<TrainingClip> clips)
    {
        if (speakerNormalizations is null)
            return "";
        var hash = new Sha256();
        foreach (var clip in clips)
        {
            var statistics = speakerNormalizations[clip.Source];
            hash.Append([statistics is null ? (byte)0 : (byte)1]);
            if (statistics is null)
                continue;
            hash.Append(statistics.Mean);
            hash.Append(statistics.StandardDeviation);
        }
        return hash.Finish();
    }
}
