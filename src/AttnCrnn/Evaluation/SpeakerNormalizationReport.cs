using AttnCrnn.Features;
using AttnCrnn.Training.Normalization;

namespace AttnCrnn.Evaluation;

/// <summary>Statistics that clips are normalized with, for a model trained with <c>--normalize speaker</c>.</summary>
/// <param name="OwnStatistics">
/// Clips normalized with the statistics of their speaker, which include the clips themselves.
/// </param>
/// <param name="SpeakerUnknown">Clips without a speaker, normalized with the statistics of the training set.</param>
/// <param name="TooFewFrames">
/// Clips of speakers with too few clips or frames, normalized with the statistics of the training set.
/// </param>
public sealed record SpeakerNormalizationReport(int OwnStatistics, int SpeakerUnknown, int TooFewFrames)
{
    /// <summary>Whether the evaluated clips contribute to the statistics.</summary>
    public bool IsTransductive => OwnStatistics > 0;

    /// <summary>Title for reports.</summary>
    public string Title => IsTransductive ? "Transductive." : "Normalized by the training set.";

    /// <summary>Description for reports.</summary>
    public string Description =>
        IsTransductive
            ? "Clips are normalized by the statistics of all clips of their speaker (--normalize speaker), including "
                + $"unlabeled clips and the evaluated clips themselves: {OwnStatistics} of {Total}. "
                + $"Performance may be lower for a speaker without earlier recordings.{Fallbacks}"
            : $"No clip could be normalized by the statistics of its speaker (--normalize speaker).{Fallbacks}";

    /// <summary>Title and description on one line.</summary>
    public override string ToString() => $"{Title} {Description}";

    private int Total => OwnStatistics + SpeakerUnknown + TooFewFrames;

    private string Fallbacks =>
        SpeakerUnknown + TooFewFrames == 0
            ? ""
            : $" Normalized by the training set instead: {SpeakerUnknown} that name no speaker, {TooFewFrames} whose "
                + $"speaker has fewer than {SpeakerStatistics.MinClips} clips or {SpeakerStatistics.MinFrames} frames.";

    /// <param name="all">All clips, whose frames make up the speakers' statistics.</param>
    /// <param name="evaluated">Indices of the clips to report on.</param>
    internal static SpeakerNormalizationReport Create(IReadOnlyList<StoredClip> all, IEnumerable<int> evaluated)
    {
        var enough = all.Where(clip => clip.Speaker is not null)
            .GroupBy(clip => clip.Speaker)
            .Where(speaker => SpeakerStatistics.IsEnough(speaker.Count(), speaker.Sum(clip => (long)clip.Frames)))
            .Select(speaker => speaker.Key)
            .ToHashSet(StringComparer.Ordinal);
        var ownStatistics = 0;
        var speakerUnknown = 0;
        var tooFewFrames = 0;
        foreach (var clip in evaluated)
        {
            if (all[clip].Speaker is not { } speaker)
                speakerUnknown++;
            else if (enough.Contains(speaker))
                ownStatistics++;
            else
                tooFewFrames++;
        }
        return new(ownStatistics, speakerUnknown, tooFewFrames);
    }
}
