using System.Globalization;
using AttnCrnn.Evaluation.Groups;

namespace AttnCrnn.Reports;

/// <summary>The sentences about groups of clips in reports and in metrics.json.</summary>
public static class GroupText
{
    private const int MaxNamed = 5;

    /// <summary>The worst group, the gap with its interval, and what is not compared.</summary>
    public static string Describe(GroupComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var definition = comparison.Definition is { } text ? $" ({text})" : "";
        return $"{comparison.Attribute}{definition}: {DescribeGap(comparison)}{DescribeExcluded(comparison)}"
            + $"{DescribeUnknown(comparison)}.";
    }

    private static string DescribeGap(GroupComparison comparison)
    {
        if (comparison is not { Worst: { } worst, Best: { } best, Gap: { } gap })
            return "fewer than two groups can be compared";
        var interval = gap.Interval is { } bounds ? $" (95% CI {Format(bounds.Low)} to {Format(bounds.High)})" : "";
        var selection =
            comparison.Groups.Count > 2
                ? $"; best and worst of {comparison.Groups.Count} groups, so that the gap is overestimated"
                : "";
        return $"worst {worst.Name} with UAR {Format(worst.Uar)}, best {best.Name} with {Format(best.Uar)}; gap "
            + $"{Format(gap.Value)}{interval}, UAR over {CountClasses(comparison.Classes.Count)}{selection}";
    }

    private static string DescribeExcluded(GroupComparison comparison)
    {
        if (comparison.Excluded.Count == 0)
            return "";
        var reason =
            comparison.Classes.Count == 0 && comparison.Excluded.Any(IsLargeEnough)
                ? "no class is in all groups"
                : $"fewer than {GroupComparison.MinClips} clips or {GroupComparison.MinSpeakers} speakers";
        var named = comparison.Excluded.Take(MaxNamed).Select(group => $"{group.Name} with {CountClips(group)}");
        var more = comparison.Excluded.Count > MaxNamed ? $", and {comparison.Excluded.Count - MaxNamed} more" : "";
        return $"; left out ({reason}): {string.Join(", ", named)}{more}";
    }

    // Without speakers, each clip counts as one.
    private static string CountClips(ExcludedGroup group) =>
        $"{group.Clips} {(group.Clips == 1 ? "clip" : "clips")}"
        + (
            group.Speakers == group.Clips ? ""
            : group.Speakers == 1 ? " of 1 speaker"
            : $" of {group.Speakers} speakers"
        );

    private static bool IsLargeEnough(ExcludedGroup group) =>
        group is { Clips: >= GroupComparison.MinClips, Speakers: >= GroupComparison.MinSpeakers };

    private static string DescribeUnknown(GroupComparison comparison) =>
        comparison.ClipsWithoutValue == 0 ? "" : $"; not known of {comparison.ClipsWithoutValue} clips";

    private static string CountClasses(int count) => count == 1 ? "1 class" : $"{count} classes";

    private static string Format(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
