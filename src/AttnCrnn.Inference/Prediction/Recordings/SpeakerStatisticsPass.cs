using AttnCrnn.Models;
using AttnCrnn.Models.Normalization;

namespace AttnCrnn.Prediction.Recordings;

/// <summary>
/// The first of two passes over a set of recordings: the statistics of each speaker over all of their clips in the set.
/// A recording that is predicted by windows contributes consecutive windows without overlap, independent of the hop;
/// each window counts as a clip.
/// </summary>
internal sealed class SpeakerStatisticsPass
{
    private const long MaxBytes = 1L << 30;

    private readonly SpeakerStatistics statistics;
    private readonly Dictionary<PredictionInput, IReadOnlyList<EncodedWindow>> cache = [];
    private readonly bool useCache;
    private long cachedBytes;

    /// <param name="width">Feature dimension.</param>
    /// <param name="inputs">Duplicates are encoded once.</param>
    /// <param name="windows">An input's consecutive windows, without overlap.</param>
    /// <param name="useCache">
    /// Whether prediction uses the same windows: their frames are then kept for it, up to 1 GiB.
    /// </param>
    public SpeakerStatisticsPass(
        int width,
        IReadOnlyList<PredictionInput> inputs,
        Func<PredictionInput, IEnumerable<EncodedWindow>> windows,
        bool useCache
    )
    {
        statistics = new(width);
        this.useCache = useCache;
        foreach (var input in inputs.Where(input => input.Speaker is not null).Distinct())
        {
            try
            {
                Add(input, windows(input));
            }
            catch (InvalidInputException)
            {
                // Reported by the second pass, in the order of the inputs.
            }
        }
        Summary = Summarize(inputs);
    }

    /// <summary>How many inputs are normalized by which statistics.</summary>
    public SpeakerStatisticsSummary Summary { get; }

    /// <summary>The normalization of an input; null: use the statistics of the training corpus.</summary>
    public FeatureNormalization? GetNormalization(PredictionInput input) => statistics.Compute(input.Speaker);

    /// <summary>An input's cached windows, removed from the cache; null: not cached.</summary>
    public IReadOnlyList<EncodedWindow>? Take(PredictionInput input) =>
        cache.Remove(input, out var windows) ? windows : null;

    private SpeakerStatisticsSummary Summarize(IReadOnlyList<PredictionInput> inputs)
    {
        var speakers = inputs
            .Select(input => input.Speaker)
            .OfType<string>()
            .Distinct()
            .ToLookup(speaker => statistics.Compute(speaker) is not null);
        return new(
            inputs.Count,
            inputs.Count(input => GetNormalization(input) is not null),
            inputs.Count(input => input.Speaker is null),
            [.. speakers[true]],
            [.. speakers[false]]
        );
    }

    // The windows are read one by one: those of a long recording are not in memory at the same time.
    private void Add(PredictionInput input, IEnumerable<EncodedWindow> windows)
    {
        var kept = useCache ? new List<EncodedWindow>() : null;
        long keptBytes = 0;
        statistics.AddAll(input.Speaker!, ReadClips());
        if (kept is null)
            return;
        cache.Add(input, kept);
        cachedBytes += keptBytes;

        IEnumerable<ReadOnlyMemory<float>> ReadClips()
        {
            foreach (var window in windows)
            {
                var frames = window.Input?.Frames;
                keptBytes += 4L * (frames?.Values.Length ?? 0);
                if (cachedBytes + keptBytes > MaxBytes)
                    kept = null;
                kept?.Add(window with { Samples = default }); // predicted from its frames
                // Windows that are too short to be predicted are skipped, and recordings without speech.
                if (frames?.Count >= NetworkOptions.MinFrames)
                    yield return frames.Values.AsMemory(0, frames.Count * frames.Layers * frames.Width);
            }
        }
    }
}
