using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AttnCrnn.Interop;

namespace AttnCrnn.Training;

/// <summary>What is done to each clip's frames first: by its own speaker's figures where there are some, and by the corpus' otherwise.</summary>
/// <param name="corpus">The training side's, or none.</param>
/// <param name="own">By the clip's index in its source; null: the corpus' for all.</param>
internal sealed class ClipNormalisation(Normalisation corpus, IReadOnlyList<Normalisation?>? own)
{
    /// <summary>In place.</summary>
    /// <param name="clip">Its index in its source.</param>
    /// <param name="frames">[frames, width].</param>
    public void Apply(int clip, Span<float> frames) => (own?[clip] ?? corpus).Apply(frames);

    /// <summary>
    /// A hash of the speakers' figures that these clips go by, empty where they go by none. Clips that are not among them have a say in these figures: with
    /// more or fewer of those a training would not come to the same bits.
    /// </summary>
    public string Fingerprint(IEnumerable<TrainingClip> clips)
    {
        if (own is null) return "";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var clip in clips)
        {
            var figures = own[clip.Source];
            hash.AppendData([figures is null ? (byte)0 : (byte)1]);
            if (figures is null) continue;
            hash.AppendData(MemoryMarshal.AsBytes(figures.Mean.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(figures.Deviation.AsSpan()));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
