using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Features;

namespace AttnCrnn.Runs;

/// <summary>What the audit at extraction found in the clips of a training.</summary>
internal static class StoreAudit
{
    /// <summary>
    /// The findings about single clips, by name: the stored ones, and those about lengths. Then those about bandwidths,
    /// which concern all clips.
    /// </summary>
    public static IReadOnlyList<FindingCount> Count(IReadOnlyList<StoredClip> clips)
    {
        StoredClip[] timed = [.. clips.Where(clip => clip.Seconds > 0)]; // 0: unknown
        double[] seconds = [.. timed.Select(clip => clip.Seconds)];
        return
        [
            .. clips
                .SelectMany(clip => clip.Audit?.FindingNames ?? [])
                .Concat(ClipDurations.FindVeryLong(seconds).Select(found => found.Warning.Name))
                .Concat(UnusualLengths.Find(seconds, FindOrigins(timed)).Select(found => found.Warning.Name))
                .CountBy(name => name)
                .OrderBy(count => count.Key, StringComparer.Ordinal)
                .Select(count => new FindingCount(count.Key, count.Value)),
            .. FindBandwidthDifferences(clips)
                .Select(finding => finding.Name)
                .Distinct()
                .Select(name => new FindingCount(name, clips.Count)),
        ];
    }

    /// <summary>What the user is told before a training; nothing if nothing was found.</summary>
    /// <param name="counts">As <see cref="Count"/> returns them.</param>
    public static IEnumerable<OptionText> Describe(IReadOnlyList<FindingCount> counts, IReadOnlyList<StoredClip> clips)
    {
        string[] ofClips =
        [
            .. counts
                .Where(count => count.Name is not (AuditFindings.CorpusBandwidth or AuditFindings.ClassBandwidth))
                .Select(count => $"{count.Name} {count.Clips}"),
        ];
        if (ofClips.Length > 0)
            yield return $"audit: {string.Join(", ", ofClips)} of "
                + $"{clips.Count} clips; corpus lists them, with remedies";
        foreach (var finding in FindBandwidthDifferences(clips))
            yield return $"{finding.Name}: {finding.Message}; {AuditFindings.GetRemedy(finding.Name)}";
    }

    private static IEnumerable<AuditFinding> FindBandwidthDifferences(IReadOnlyList<StoredClip> clips) =>
        BandwidthDifferences.Find(
            clips.Zip(FindOrigins(clips), (clip, origin) =>
                new ClipBandwidth(origin, clip.Label, clip.Audit?.BandwidthHz)
            )
        );

    private static string[] FindOrigins(IReadOnlyList<StoredClip> clips) =>
        ClipOrigins.Find([.. clips.Select(clip => clip.Path)], [.. clips.Select(clip => clip.Source)]);
}
