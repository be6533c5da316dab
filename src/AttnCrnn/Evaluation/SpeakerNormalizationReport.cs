using AttnCrnn.Features;
using AttnCrnn.Training.Normalization;

namespace AttnCrnn.Evaluation;

/// <summary>Whose figures clips are normalised by, for a model of <c>--normalize speaker</c>.</summary>
/// <param name="OwnStatistics">Clips that go by their own speaker's figures, in which they have a part themselves.</param>
/// <param name="SpeakerUnknown">Clips that name no speaker, and go by the training side's.</param>
/// <param name="TooFewFrames">Clips whose speaker has too little for figures of their own, and that go by the training side's too.</param>
public sealed record SpeakerNormalizationReport(int OwnStatistics, int SpeakerUnknown, int TooFewFrames)
{
    /// <summary>Whether anything was learned from the very clips that are judged.</summary>
    public bool IsTransductive => OwnStatistics > 0;

    /// <summary>In a word.</summary>
    public string Title => IsTransductive ? "Transductive." : "Normalised by the training side.";

    /// <summary>A sentence or two for reports.</summary>
    public string Description =>
        IsTransductive
            ? $"Clips are normalised by the statistics of all clips of their own speaker (--normalize speaker), unlabelled ones and the judged ones themselves among them: {OwnStatistics} of {OwnStatistics + SpeakerUnknown + TooFewFrames}. "
                + $"A speaker of whom nothing has been recorded before may do worse.{Fallbacks}"
            : $"No clip could be normalised by its own speaker's statistics (--normalize speaker).{Fallbacks}";

    /// <summary>Both, on one line.</summary>
    public override string ToString() => $"{Title} {Description}";

    private string Fallbacks =>
        SpeakerUnknown + TooFewFrames == 0
            ? ""
            : $" By the training side's statistics instead: {SpeakerUnknown} that name no speaker, {TooFewFrames} whose speaker has fewer than {SpeakerStatistics.MinClips} clips or {SpeakerStatistics.MinFrames} frames.";

    /// <param name="all">Every clip that is there: all of a speaker's count towards their figures.</param>
    /// <param name="evaluated">The clips that this is about, by their index.</param>
    internal static SpeakerNormalizationReport Create(IReadOnlyList<StoredClip> all, IEnumerable<int> evaluated)
    {
        var enough = all.Where(clip => clip.Speaker is not null)
            .GroupBy(clip => clip.Speaker!)
            .Where(speaker => SpeakerStatistics.IsEnough(speaker.Count(), speaker.Sum(clip => (long)clip.Frames)))
            .Select(speaker => speaker.Key)
            .ToHashSet(StringComparer.Ordinal);
        var (own, unnamed, scarce) = (0, 0, 0);
        foreach (var clip in evaluated)
        {
            if (all[clip].Speaker is not { } speaker)
                unnamed++;
            else if (enough.Contains(speaker))
                own++;
            else
                scarce++;
        }
        return new(own, unnamed, scarce);
    }
}
