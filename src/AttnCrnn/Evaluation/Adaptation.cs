using AttnCrnn.Features;
using AttnCrnn.Training;

namespace AttnCrnn.Evaluation;

/// <summary>Whose figures clips are normalised by, for a model of <c>--normalize speaker</c>.</summary>
/// <param name="Own">Clips that go by their own speaker's figures, in which they have a part themselves.</param>
/// <param name="Unnamed">Clips that name no speaker, and go by the training side's.</param>
/// <param name="Scarce">Clips whose speaker has too little for figures of their own, and that go by the training side's too.</param>
public sealed record Adaptation(int Own, int Unnamed, int Scarce)
{
    /// <summary>Whether anything was learned from the very clips that are judged.</summary>
    public bool IsTransductive => Own > 0;

    /// <summary>In a word.</summary>
    public string Title => IsTransductive ? "Transductive." : "Normalised by the training side.";

    /// <summary>A sentence or two for reports.</summary>
    public string Description => IsTransductive
        ? $"Clips are normalised by the statistics of all clips of their own speaker (--normalize speaker), unlabelled ones and the judged ones themselves among them: {Own} of {Own + Unnamed + Scarce}. "
            + $"A speaker of whom nothing has been recorded before may do worse.{Fallbacks}"
        : $"No clip could be normalised by its own speaker's statistics (--normalize speaker).{Fallbacks}";

    /// <summary>Both, on one line.</summary>
    public override string ToString() => $"{Title} {Description}";

    private string Fallbacks => Unnamed + Scarce == 0
        ? ""
        : $" By the training side's statistics instead: {Unnamed} that name no speaker, {Scarce} whose speaker has fewer than {SpeakerStatistics.LeastClips} clips or {SpeakerStatistics.LeastFrames} frames.";

    /// <param name="all">Every clip that is there: all of a speaker's count towards their figures.</param>
    /// <param name="judged">The clips that this is about, by their index.</param>
    internal static Adaptation Of(IReadOnlyList<StoredClip> all, IEnumerable<int> judged)
    {
        var enough = all.Where(clip => clip.Speaker is not null).GroupBy(clip => clip.Speaker!)
            .Where(speaker => SpeakerStatistics.IsEnough(speaker.Count(), speaker.Sum(clip => (long)clip.Frames))).Select(speaker => speaker.Key).ToHashSet(StringComparer.Ordinal);
        var (own, unnamed, scarce) = (0, 0, 0);
        foreach (var clip in judged)
        {
            if (all[clip].Speaker is not { } speaker) unnamed++;
            else if (enough.Contains(speaker)) own++;
            else scarce++;
        }
        return new(own, unnamed, scarce);
    }
}
