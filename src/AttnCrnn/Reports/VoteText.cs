using AttnCrnn.Metrics;
using AttnCrnn.Runs;

namespace AttnCrnn.Reports;

/// <summary>Sentences about the votes of raters.</summary>
public static class VoteText
{
    /// <summary>The comparison of predictions with the votes, with four digits.</summary>
    public static string Describe(VoteMetrics votes)
    {
        ArgumentNullException.ThrowIfNull(votes);
        var majority =
            votes.MajorityClipCount == 0
                ? "no clip has a majority"
                : FormattableString.Invariant(
                    $"accuracy {votes.MajorityAccuracy:0.0000} and UAR {votes.MajorityUar:0.0000} against the majority "
                ) + FormattableString.Invariant($"of the {votes.MajorityClipCount} clips that have one");
        return FormattableString.Invariant(
                $"against the raters' votes of {votes.ClipCount} clips: cross-entropy {votes.CrossEntropy:0.0000} nats "
            )
            + FormattableString.Invariant($"(at least {votes.Entropy:0.0000}, the entropy of the votes), ")
            + FormattableString.Invariant($"Jensen-Shannon divergence {votes.JensenShannon:0.0000} nats; {majority}");
    }

    /// <summary>What the targets of a training are.</summary>
    public static string Describe(SoftTargets targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        return $"soft targets: the votes of {targets.ClipsWithVotes} of {targets.ClipCount} clips; the label of the "
            + $"other {targets.ClipCount - targets.ClipsWithVotes}, which have no votes for a class; in "
            + $"{targets.ClipsWithOtherMajority} clips, the label is not the majority of the votes"
            + DescribeExcluded(targets);
    }

    private static string DescribeExcluded(SoftTargets targets)
    {
        if (targets.ExcludedVotes.Count == 0)
            return "";
        var excluded = targets.ExcludedVotes.Sum(label => label.Count);
        var labels = string.Join(
            ", ",
            targets.ExcludedVotes.Select(label => FormattableString.Invariant($"{label.Label} {label.Count:0.##}"))
        );
        return FormattableString.Invariant($"; {excluded:0.##} of {targets.VoteCount:0.##} votes are for labels that ")
            + $"are no class and are left out ({labels})";
    }
}
