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
        ConfidenceInterval?[] intervals =
        [
            .. metrics.Values.Select(
                (value, i) => BootstrapInterval.ComputeOfMetric(value, metrics.Resampled[i], resamples.Units)
            ),
        ];
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
            PerClass =
            [
                .. labels.Select(
                    (_, k) =>
                    {
                        var recall = BootstrapMetrics.GetRecall(k);
                        return new ClassIntervals(intervals[recall], intervals[recall + 1], intervals[recall + 2]);
                    }
                ),
            ],
        };
    }
}
