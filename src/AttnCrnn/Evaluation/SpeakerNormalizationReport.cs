using AttnCrnn.Features;
using AttnCrnn.Models.Normalization;

namespace AttnCrnn.Evaluation;

/// <summary>Statistics that clips are normalized with, for a model trained with speaker normalization.</summary>
/// <param name="ClipsWithSpeakerStatistics">
/// Clips normalized with the statistics of their speaker, which include the clips themselves.
/// </param>
/// <param name="ClipsWithoutSpeaker">
/// Clips without a speaker, normalized with the statistics of the training set.
/// </param>
/// <param name="ClipsWithInsufficientData">
/// Clips of speakers with too few clips or frames, normalized with the statistics of the training set.
/// </param>
public sealed record SpeakerNormalizationReport(
    int ClipsWithSpeakerStatistics,
    int ClipsWithoutSpeaker,
    int ClipsWithInsufficientData
)
{
    /// <summary>Whether the evaluated clips contribute to the statistics.</summary>
    public bool IsTransductive => ClipsWithSpeakerStatistics > 0;

    /// <summary>All clips that are reported on.</summary>
    public int TotalClips => ClipsWithSpeakerStatistics + ClipsWithoutSpeaker + ClipsWithInsufficientData;

    /// <param name="clips">All clips, whose frames make up the speakers' statistics.</param>
    /// <param name="speakers">[clips]; null for a clip that no statistics include.</param>
    /// <param name="evaluated">Indices of the clips to report on.</param>
    internal static SpeakerNormalizationReport Create(
        IReadOnlyList<StoredClip> clips,
        IReadOnlyList<string?> speakers,
        IEnumerable<int> evaluated
    )
    {
        var speakersWithStatistics = Enumerable
            .Range(0, clips.Count)
            .Where(clip => speakers[clip] is not null)
            .GroupBy(clip => speakers[clip])
            .Where(speaker =>
                SpeakerStatistics.IsSufficient(speaker.Count(), speaker.Sum(clip => (long)clips[clip].Frames))
            )
            .Select(speaker => speaker.Key)
            .ToHashSet(StringComparer.Ordinal);
        var withStatistics = 0;
        var withoutSpeaker = 0;
        var withInsufficientData = 0;
        foreach (var clip in evaluated)
        {
            if (speakers[clip] is not { } speaker)
                withoutSpeaker++;
            else if (speakersWithStatistics.Contains(speaker))
                withStatistics++;
            else
                withInsufficientData++;
        }
        return new(withStatistics, withoutSpeaker, withInsufficientData);
    }
}
