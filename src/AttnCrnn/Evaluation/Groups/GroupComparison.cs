using AttnCrnn.Evaluation.Statistics;

namespace AttnCrnn.Evaluation.Groups;

/// <summary>The groups of an attribute, such as the sex of the speakers, compared by UAR.</summary>
public sealed record GroupComparison
{
    /// <summary>A group with fewer clips is not compared.</summary>
    public const int MinClips = 20;

    /// <summary>
    /// A group with fewer speakers is not compared: the variation between speakers cannot be estimated.
    /// </summary>
    public const int MinSpeakers = 2;

    /// <summary>sex, intensity, statement, corpus, session or duration.</summary>
    public required string Attribute { get; init; }

    /// <summary>How the clips were assigned; null if the corpus does it.</summary>
    public required string? Definition { get; init; }

    /// <summary>The compared groups; intensities and durations ascending, others by name.</summary>
    public required IReadOnlyList<GroupMetrics> Groups { get; init; }

    /// <summary>The groups that are too small to be compared, in the same order.</summary>
    public required IReadOnlyList<ExcludedGroup> Excluded { get; init; }

    /// <summary>Clips of which the attribute is not known.</summary>
    public required int ClipsWithoutValue { get; init; }

    /// <summary>The classes over which UAR is a mean: those of which every compared group has clips.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>
    /// UAR of the best group minus that of the worst, with its interval by the bootstrap over speakers; null unless two
    /// groups can be compared. Best and worst are chosen on the same clips, so that with many groups the gap is
    /// overestimated.
    /// </summary>
    public required PairedDifference? Gap { get; init; }

    /// <summary>The group with the lowest UAR; null without a gap.</summary>
    public GroupMetrics? Worst => Gap is null ? null : Groups.MinBy(group => group.Uar);

    /// <summary>The group with the highest UAR; null without a gap.</summary>
    public GroupMetrics? Best => Gap is null ? null : Groups.MaxBy(group => group.Uar);
}
