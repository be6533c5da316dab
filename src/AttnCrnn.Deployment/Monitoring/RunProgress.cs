namespace AttnCrnn.Deployment.Monitoring;

/// <summary>The progress of a run, from the events in the progress.jsonl of its folds.</summary>
public sealed class RunProgress
{
    private readonly SortedDictionary<(int Seed, int Fold), FoldProgress> folds = [];

    /// <summary>
    /// The folds of which there are events, in ascending order; a single one without folds. Of a repeated run, those of
    /// its first seed, then those of the next.
    /// </summary>
    public IReadOnlyCollection<FoldProgress> Folds => folds.Values;

    /// <summary>The fold of the most recent event; null: there are no events.</summary>
    public FoldProgress? LatestFold { get; private set; }

    /// <summary>The epoch that has ended most recently; null: none has.</summary>
    public EpochProgress? LatestEpoch =>
        Folds.Where(fold => fold.LatestEpoch is not null).MaxBy(fold => fold.LatestEpochTime)?.LatestEpoch;

    /// <summary>
    /// Version of the files' format if it is newer than <see cref="ProgressEvent.FormatVersion"/>, so that events may
    /// be missing here; otherwise null.
    /// </summary>
    public int? NewerFormatVersion { get; private set; }

    /// <summary>Adds a line of a file. Incomplete lines and unknown events are ignored.</summary>
    /// <returns>The event; null if the line was ignored.</returns>
    public ProgressEvent? AddLine(string line)
    {
        if (ProgressEvent.Parse(line) is not { } added)
            return null;
        var key = GetKey(added.Fold, added.Seed);
        if (!folds.TryGetValue(key, out var fold))
            folds[key] = fold = new(added.Fold, added.Seed);
        fold.Add(added);
        if (added.GetInt32("format_version") is { } version and > ProgressEvent.FormatVersion)
            NewerFormatVersion = version;
        if (LatestFold is null || fold.LastTime is null || !(fold.LastTime < LatestFold.LastTime))
            LatestFold = fold;
        return added;
    }

    /// <summary>Completed fraction of the run's epochs, from 0 to 1. A fold that ended early is complete.</summary>
    public double Fraction
    {
        get
        {
            var count = Math.Max(folds.Count, (LatestFold?.FoldCount ?? 1) * (LatestFold?.Seed?.Count ?? 1));
            return folds.Values.Sum(fold => fold.Fraction) / count;
        }
    }

    /// <summary>The fold of an event.</summary>
    /// <param name="fold">From 1; null without folds.</param>
    /// <param name="seed">null for a run of one seed.</param>
    public FoldProgress? FindFold(int? fold, RunSeed? seed = null) => folds.GetValueOrDefault(GetKey(fold, seed));

    /// <summary>
    /// Upper bound of the time until the last fold ends, of a repeated run that of the seed; null if no fold is active.
    /// </summary>
    /// <param name="currentTime">The time of the run's machine.</param>
    public TimeSpan? GetTimeRemaining(DateTimeOffset currentTime)
    {
        List<TimeSpan> bounds =
        [
            .. Folds
                .Where(fold => fold is { IsActive: true, TimeRemaining: not null, LastTime: not null })
                .Select(fold => fold.TimeRemaining!.Value - (currentTime - fold.LastTime!.Value)),
        ];
        return bounds.Count == 0 ? null : bounds.Append(TimeSpan.Zero).Max();
    }

    private static (int Seed, int Fold) GetKey(int? fold, RunSeed? seed) => (seed?.Number ?? 1, fold ?? 0);
}
