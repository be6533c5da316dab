using System.Globalization;
using AttnCrnn.Audio;

namespace AttnCrnn.Corpora.Auditing;

/// <summary>The bandwidth of a clip.</summary>
/// <param name="Origin"><see cref="ClipOrigins"/>.</param>
/// <param name="Hertz">Null if it was not measured.</param>
internal readonly record struct ClipBandwidth(string Origin, string? Label, int? Hertz);

/// <summary>
/// Compares the bandwidths of corpora, and of the classes of each: what a model can tell apart by its recordings
/// instead of by what is heard.
/// </summary>
internal static class BandwidthDifferences
{
    private const int MinClips = 10; // for a median that says something
    private const double MaxRatio = 1.25; // of the highest median to the lowest
    private const int MaxHertz = Waveform.SampleRateHz / 2; // what encoders hear
    private const int MaxNamed = 8;

    private static readonly string Method = $"(medians, of up to {MaxHertz / 1000} kHz)";

    /// <summary>At most one finding about corpora, and one about the classes of each.</summary>
    public static IEnumerable<AuditFinding> Find(IEnumerable<ClipBandwidth> clips)
    {
        ClipBandwidth[] measured = [.. clips.Where(clip => clip.Hertz is not null)];
        var corpora = FindMedians(measured, clip => clip.Origin, ClipOrigins.Format);
        if (corpora.Count > 0)
            yield return new("", $"corpora differ in bandwidth: {Describe(corpora)}", AuditFindings.CorpusBandwidth)
            {
                PublicDetail = DescribeRange(corpora),
            };
        foreach (
            var origin in measured.GroupBy(clip => clip.Origin).OrderBy(group => group.Key, StringComparer.Ordinal)
        )
        {
            var labels = FindMedians(origin.Where(clip => clip.Label is not null), clip => clip.Label!, label => label);
            if (labels.Count > 0)
                yield return new(
                    "",
                    $"classes of {ClipOrigins.Format(origin.Key)} differ in bandwidth: {Describe(labels)}",
                    AuditFindings.ClassBandwidth
                )
                {
                    PublicDetail = Describe(labels),
                };
        }
    }

    // From the lowest to the highest, if these two differ clearly; otherwise empty.
    private static List<(string Name, int Hertz)> FindMedians(
        IEnumerable<ClipBandwidth> clips,
        Func<ClipBandwidth, string> getGroup,
        Func<string, string> format
    )
    {
        var medians = clips
            .GroupBy(getGroup)
            .Where(group => group.Count() >= MinClips)
            .Select(group => (Name: format(group.Key), Hertz: Median(group)))
            .OrderBy(group => group.Hertz)
            .ThenBy(group => group.Name, StringComparer.Ordinal)
            .ToList();
        return medians.Count < 2 || medians[^1].Hertz <= MaxRatio * medians[0].Hertz ? [] : medians;
    }

    private static string Describe(List<(string Name, int Hertz)> medians)
    {
        var texts = medians.Select(group => $"{group.Name} {Format(group.Hertz)}");
        return $"{ShortList.Format([.. texts], MaxNamed, "others")} {Method}";
    }

    // Without the names, which may be of folders.
    private static string DescribeRange(List<(string Name, int Hertz)> medians) =>
        $"{medians.Count} from {Format(medians[0].Hertz)} to {Format(medians[^1].Hertz)} {Method}";

    private static string Format(int hertz) => string.Create(CultureInfo.InvariantCulture, $"{hertz / 1000.0:0.0} kHz");

    private static int Median(IEnumerable<ClipBandwidth> clips)
    {
        int[] sorted = [.. clips.Select(clip => Math.Min(clip.Hertz!.Value, MaxHertz)).Order()];
        return sorted[sorted.Length / 2];
    }
}
