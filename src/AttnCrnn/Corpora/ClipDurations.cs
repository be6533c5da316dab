using System.Globalization;
using AttnCrnn.Formats;

namespace AttnCrnn.Corpora;

/// <summary>
/// Finds clips that are much longer than the others: a clip that was cut wrongly takes minutes of training and most of
/// its memory, since the time and memory of self-attention grow with the length.
/// </summary>
internal static class ClipDurations
{
    // Clips of one corpus differ by up to 10 times the median (IEMOCAP: 0.6 to 34 s, median 3.5 s).
    private const double MaxRatio = 10;
    private const double MinSeconds = 10; // shorter clips cost little
    private const int MinClips = 3; // for a median that says something

    /// <summary>The clips that are much longer than the median.</summary>
    /// <param name="seconds">[clips].</param>
    /// <returns>Their indices, in order, each with a warning.</returns>
    public static IEnumerable<(int Index, RecordingWarning Warning)> FindVeryLong(IReadOnlyList<double> seconds)
    {
        if (seconds.Count < MinClips)
            yield break;
        var median = seconds.Order().ElementAt((seconds.Count - 1) / 2);
        for (var i = 0; i < seconds.Count; i++)
            if (seconds[i] >= MinSeconds && seconds[i] > MaxRatio * median)
                yield return (i, new(RecordingWarning.VeryLong, Describe(seconds[i], median)));
    }

    private static string Describe(double seconds, double median) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"very long: {seconds:0.#} s, where half of the clips are {median:0.##} s or shorter"
        );
}
