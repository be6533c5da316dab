using AttnCrnn.Cli.Terminal;
using AttnCrnn.Models;
using AttnCrnn.Training.Normalization;

namespace AttnCrnn.Cli.Commands.Prediction;

/// <summary>
/// The first of predict's two passes: the statistics of each speaker over all of their clips in this call. A recording
/// that is predicted by windows contributes consecutive windows without overlap, independent of the hop; each window
/// counts as a clip.
/// </summary>
internal sealed class SpeakerStatisticsPass
{
    private const long MaxBytes = 1L << 30;

    private readonly SpeakerStatistics statistics;
    private readonly Dictionary<PredictClip, IReadOnlyList<PredictionWindow>> cache = [];
    private readonly bool useCache;
    private long cachedBytes;

    /// <param name="width">Feature dimension.</param>
    /// <param name="clips">Duplicates are encoded once.</param>
    /// <param name="windows">A clip's consecutive windows, without overlap.</param>
    /// <param name="useCache">
    /// Whether prediction uses the same windows: their frames are then kept for it, up to 1 GiB.
    /// </param>
    public SpeakerStatisticsPass(
        int width,
        IReadOnlyList<PredictClip> clips,
        Func<PredictClip, IEnumerable<PredictionWindow>> windows,
        bool useCache
    )
    {
        statistics = new(width);
        this.useCache = useCache;
        foreach (var clip in clips.Where(clip => clip.Speaker is not null).Distinct())
        {
            try
            {
                Add(clip, [.. windows(clip)]);
            }
            catch (InvalidInputException)
            {
                // Reported by the second pass, in the order of the clips.
            }
        }
    }

    /// <summary>The normalization of a clip; null: use the statistics of the training corpus.</summary>
    public FeatureNormalization? GetNormalization(PredictClip clip) => statistics.Compute(clip.Speaker);

    /// <summary>A clip's cached windows, removed from the cache; null: not cached.</summary>
    public IReadOnlyList<PredictionWindow>? Take(PredictClip clip) =>
        cache.Remove(clip, out var windows) ? windows : null;

    /// <summary>Reports how many clips are normalized by which statistics.</summary>
    public void Report(ConsoleOutput console, IReadOnlyList<PredictClip> clips)
    {
        string[] speakers = [.. clips.Select(clip => clip.Speaker).OfType<string>().Distinct()];
        string[] tooFewFrames = [.. speakers.Where(speaker => statistics.Compute(speaker) is null)];
        var normalizedCount = clips.Count(clip => GetNormalization(clip) is not null);
        var unknownSpeakerCount = clips.Count(clip => clip.Speaker is null);
        if (normalizedCount > 0)
            console.WriteMessage(
                $"transductive: {normalizedCount} of {clips.Count} recordings are normalized with the "
                    + "statistics of all "
                    + $"recordings of their speaker in this call ({FormatNames([.. speakers.Except(tooFewFrames)])})"
            );
        if (tooFewFrames.Length > 0)
            console.WriteMessage(
                "too little data for speaker statistics, so the training corpus' statistics are used: "
                    + $"{FormatNames(tooFewFrames)} (required per speaker: {SpeakerStatistics.MinClips} "
                    + "recordings or windows, "
                    + $"and {SpeakerStatistics.MinFrames} frames)"
            );
        if (unknownSpeakerCount > 0)
            console.WriteMessage(
                $"the model normalizes by speaker, and {unknownSpeakerCount} of {clips.Count} recordings have "
                    + "no speaker, "
                    + "so the training corpus' statistics are used: "
                    + "add it with --speaker, or in a manifest's speaker column"
            );
    }

    private static string FormatNames(string[] speakers)
    {
        const int maxNames = 5;
        var suffix = speakers.Length > maxNames ? $" and {speakers.Length - maxNames} more" : "";
        return string.Join(", ", speakers.Take(maxNames)) + suffix;
    }

    private void Add(PredictClip clip, IReadOnlyList<PredictionWindow> windows)
    {
        // Windows that are too short to be predicted are skipped.
        foreach (var window in windows.Where(window => window.Frames.Count >= NetworkOptions.MinFrames))
            statistics.Add(
                clip.Speaker!,
                window.Frames.Values.AsSpan(0, window.Frames.Count * window.Frames.Layers * window.Frames.Width)
            );
        var sizeBytes = windows.Sum(window => 4L * window.Frames.Values.Length);
        if (!useCache || cachedBytes + sizeBytes > MaxBytes)
            return;
        cache.Add(clip, windows);
        cachedBytes += sizeBytes;
    }
}
