using System.Globalization;
using AttnCrnn.Corpora;
using AttnCrnn.Features;
using AttnCrnn.Formats;

namespace AttnCrnn.Runs;

/// <summary>Clips that are much longer than the others, and what a training pays for each.</summary>
internal static class LongClipWarnings
{
    private const double BytesPerFrame = 7000; // measured, docs/performance.md

    /// <summary>Finds them.</summary>
    /// <param name="clips">The clips that are used; those of unknown duration are not compared.</param>
    public static IReadOnlyList<ClipWarning> Find(IReadOnlyList<StoredClip> clips)
    {
        StoredClip[] timed = [.. clips.Where(clip => clip.Seconds > 0)];
        var medianFrames = timed.Select(clip => clip.Frames).Order().ElementAtOrDefault((timed.Length - 1) / 2);
        return
        [
            .. ClipDurations
                .FindVeryLong([.. timed.Select(clip => clip.Seconds)])
                .Select(found => Describe(timed[found.Index], found.Warning, medianFrames)),
        ];
    }

    private static ClipWarning Describe(StoredClip clip, RecordingWarning warning, int medianFrames)
    {
        var cost = string.Create(
            CultureInfo.InvariantCulture,
            $"its {clip.Frames} frames take about {clip.Frames * BytesPerFrame / 1e9:0.00} GB in a batch, "
                + $"and at least the time of {clip.Frames / medianFrames} of the others"
        );
        return new(clip.Path, $"{warning.Text}: {cost}") { Name = warning.Name };
    }
}
