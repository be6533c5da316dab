using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AttnCrnn.Models;
using AttnCrnn.Training.Batches;

namespace AttnCrnn.Training.Normalization;

/// <summary>What is done to each clip's frames first: by its own speaker's figures where there are some, and by the corpus' otherwise.</summary>
/// <param name="corpus">The training side's, or none.</param>
/// <param name="speakerNormalizations">By the clip's index in its source; null: the corpus' for all.</param>
internal sealed class ClipNormalization(
    FeatureNormalization corpus,
    IReadOnlyList<FeatureNormalization?>? speakerNormalizations
)
{
    /// <summary>In place.</summary>
    /// <param name="clip">Its index in its source.</param>
    /// <param name="frames">[frames, width].</param>
    public void Apply(int clip, Span<float> frames) => (speakerNormalizations?[clip] ?? corpus).Apply(frames);

    /// <summary>
    /// A hash of the speakers' figures that these clips go by, empty where they go by none. Clips that are not among them have a say in these figures: with
    /// more or fewer of those a training would not come to the same bits.
    /// </summary>
    public string Fingerprint(IEnumerable<TrainingClip> clips)
    {
        if (speakerNormalizations is null)
            return "";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var clip in clips)
        {
            var metrics = speakerNormalizations[clip.Source];
            hash.AppendData([metrics is null ? (byte)0 : (byte)1]);
            if (metrics is null)
                continue;
            hash.AppendData(MemoryMarshal.AsBytes(metrics.Mean.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(metrics.StandardDeviation.AsSpan()));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
