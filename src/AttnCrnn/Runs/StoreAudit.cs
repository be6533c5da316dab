using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Features;

namespace AttnCrnn.Runs;

/// <summary>What the audit at extraction found in the clips of a training.</summary>
/// <param name="Counts">
/// The findings about single clips, by name: the stored ones, and those about lengths. Then those about bandwidths,
/// which concern all clips, with the medians.
/// </param>
/// <param name="Notices">What the user is told before a training; empty if nothing was found.</param>
internal sealed record StoreAudit(IReadOnlyList<FindingCount> Counts, IReadOnlyList<OptionText> Notices)
{
    /// <summary>Collects what is stored, and compares the clips.</summary>
    public static StoreAudit Create(IReadOnlyList<StoredClip> clips)
    {
        var origins = ClipOrigins.Find([.. clips.Select(clip => clip.Path)], [.. clips.Select(clip => clip.Source)]);
        var ofClips = CountFindings(clips, origins);
        AuditFinding[] bandwidths =
        [
            .. BandwidthDifferences.Find(
                clips.Zip(origins, (clip, origin) => new ClipBandwidth(origin, clip.Label, clip.Audit?.BandwidthHz))
            ),
        ];
        return new(
            [
                .. ofClips,
                .. bandwidths
                    .GroupBy(finding => finding.Name)
                    .Select(findings => new FindingCount(findings.Key, clips.Count)
                    {
                        Detail = string.Join("; ", findings.Select(finding => finding.PublicDetail)),
                    }),
            ],
            [.. Describe(ofClips, clips.Count), .. bandwidths.Select(AuditFindings.DescribeWithRemedy)]
        );
    }

    private static List<FindingCount> CountFindings(IReadOnlyList<StoredClip> clips, string[] origins)
    {
        int[] timed = [.. Enumerable.Range(0, clips.Count).Where(clip => clips[clip].Seconds > 0)]; // 0: unknown
        var lengths = UnusualLengths.FindWithVeryLong(
            [.. timed.Select(clip => clips[clip].Seconds)],
            [.. timed.Select(clip => origins[clip])]
        );
        var mislabeled = FileNameLabels.FindMismatches([.. clips.Select(clip => (clip.Path, clip.Label))], origins);
        return
        [
            .. clips
                .SelectMany(clip => clip.Audit?.FindingNames ?? [])
                .Concat(lengths.Concat(mislabeled).Select(found => found.Warning.Name))
                .CountBy(name => name)
                .OrderBy(count => count.Key, StringComparer.Ordinal)
                .Select(count => new FindingCount(count.Key, count.Value)),
        ];
    }

    private static IEnumerable<OptionText> Describe(List<FindingCount> counts, int clips)
    {
        if (counts.Count > 0)
            yield return $"audit: {string.Join(", ", counts.Select(count => $"{count.Name} {count.Clips}"))} of "
                + $"{clips} clips; corpus lists them, with remedies";
    }
}
