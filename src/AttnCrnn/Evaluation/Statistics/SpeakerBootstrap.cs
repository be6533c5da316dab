namespace AttnCrnn.Evaluation.Statistics;

/// <summary>
/// 95% confidence intervals by the bootstrap over speakers, with the small-sample correction of
/// <see cref="BootstrapInterval"/>; if no speaker is known, over clips.
/// </summary>
internal static class SpeakerBootstrap
{
    public const int DefaultResamples = 2000;

    /// <param name="labels">[classes].</param>
    /// <param name="predictions">One per clip, in any order.</param>
    /// <param name="count">Number of resamples, at least 1.</param>
    /// <param name="randomBelow">As for <see cref="SpeakerResamples.ForEach"/>.</param>
    public static ConfidenceIntervals Compute(
        IReadOnlyList<string> labels,
        IReadOnlyList<ClipPrediction> predictions,
        int count,
        Func<uint, ulong, uint> randomBelow
    )
    {
        var resamples = new SpeakerResamples(predictions, count);
        if (resamples.Count == 0)
            return new(null, null, null, null, resamples.Unit, resamples.Units, resamples.ClipsWithoutSpeaker, 0);
        var metrics = ResampledMetrics.Compute(labels, predictions, resamples, randomBelow);
        ConfidenceInterval?[] intervals = [.. metrics.Values.Select((value, i) => ComputeInterval(i, value, metrics))];
        return new(
            intervals[BootstrapMetrics.Uar],
            intervals[BootstrapMetrics.Accuracy],
            intervals[BootstrapMetrics.MacroF1],
            intervals[BootstrapMetrics.MacroAuc],
            resamples.Unit,
            resamples.Units,
            resamples.ClipsWithoutSpeaker,
            resamples.Count
        )
        {
            MacroAveragePrecision = intervals[BootstrapMetrics.MacroAveragePrecision],
            LogLoss = intervals[BootstrapMetrics.LogLoss],
            Brier = intervals[BootstrapMetrics.Brier],
            Ece = intervals[BootstrapMetrics.Ece],
            SparseClasses = ConfidenceIntervals.FindSparseClasses(labels, predictions, resamples),
            PerClass = [.. labels.Select((_, k) => SelectClass(intervals.AsSpan(BootstrapMetrics.GetRecall(k))))],
        };
    }

    private static ConfidenceInterval? ComputeInterval(int metric, double value, ResampledMetrics metrics) =>
        metric == BootstrapMetrics.LogLoss || metric == BootstrapMetrics.Brier
            ? BootstrapInterval.ComputeOfLoss(value, metrics.Resampled[metric], metrics.Units[metric])
            : BootstrapInterval.ComputeOfMetric(value, metrics.Resampled[metric], metrics.Units[metric]);

    private static ClassIntervals SelectClass(ReadOnlySpan<ConfidenceInterval?> ofClass) =>
        new(ofClass[0], ofClass[1], ofClass[2])
        {
            Auc = ofClass[3],

            AveragePrecision = ofClass[4],
        };
}
