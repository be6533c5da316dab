using System.Globalization;
using AttnCrnn.Audio;
using AttnCrnn.Formats;

namespace AttnCrnn.Corpora.Auditing;

/// <summary>
/// Finds recordings whose length is an outlier among those of the same origin, in both directions. Lengths of
/// utterances are about log-normal, so that their logarithms are compared, by the median and the median absolute
/// deviation, which the outliers themselves do not move.
/// </summary>
internal static class UnusualLengths
{
    private const int MinClips = 20; // for a median absolute deviation that says something
    private const double MaxDeviations = 4; // of a normal distribution, 6 clips of 100,000 are beyond
    private const double NormalScale = 1.4826; // from median absolute to standard deviation, of a normal distribution
    private static readonly double MinLogRatio = Math.Log(3); // clips of one sentence, as RAVDESS', hardly differ

    /// <summary>The clips that are much longer than the others, and those of another unusual length.</summary>
    /// <param name="seconds">[clips].</param>
    /// <param name="origins">[clips], <see cref="ClipOrigins"/>.</param>
    /// <returns>Their indices, each with a warning.</returns>
    public static IEnumerable<(int Index, RecordingWarning Warning)> FindWithVeryLong(
        IReadOnlyList<double> seconds,
        IReadOnlyList<string> origins
    ) => [.. ClipDurations.FindVeryLong(seconds), .. Find(seconds, origins)];

    /// <summary>The clips with an unusual length that have no other finding about their length.</summary>
    /// <param name="seconds">[clips].</param>
    /// <param name="origins">[clips], <see cref="ClipOrigins"/>.</param>
    /// <returns>Their indices, ascending, each with a warning.</returns>
    public static IEnumerable<(int Index, RecordingWarning Warning)> Find(
        IReadOnlyList<double> seconds,
        IReadOnlyList<string> origins
    )
    {
        var veryLong = ClipDurations.FindVeryLong(seconds).Select(found => found.Index).ToHashSet();
        return Enumerable
            .Range(0, seconds.Count)
            .Where(clip => seconds[clip] > 0)
            .GroupBy(clip => origins[clip])
            .Where(origin => origin.Count() >= MinClips)
            .SelectMany(origin => FindAmong([.. origin], seconds))
            .Where(found => seconds[found.Index] >= RecordingChecks.MinSeconds && !veryLong.Contains(found.Index))
            .OrderBy(found => found.Index);
    }

    private static IEnumerable<(int Index, RecordingWarning Warning)> FindAmong(
        int[] clips,
        IReadOnlyList<double> seconds
    )
    {
        var median = Median(clips.Select(clip => Math.Log(seconds[clip])));
        var deviation = NormalScale * Median(clips.Select(clip => Math.Abs(Math.Log(seconds[clip]) - median)));
        var limit = Math.Max(MaxDeviations * deviation, MinLogRatio);
        foreach (var clip in clips)
            if (Math.Abs(Math.Log(seconds[clip]) - median) > limit)
                yield return (
                    clip,
                    new(
                        AuditFindings.UnusualLength,
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"unusual length: {seconds[clip]:0.##} s, where the median is {Math.Exp(median):0.##} s, "
                                + $"and {Math.Exp(median - limit):0.##} to {Math.Exp(median + limit):0.##} s are usual"
                        )
                    )
                );
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
