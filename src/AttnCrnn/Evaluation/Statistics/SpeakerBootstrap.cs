namespace AttnCrnn.Evaluation.Statistics;

/// <summary>
/// 95% confidence intervals by the percentile bootstrap over speakers; if no speaker is known, over clips.
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
        var metrics = new BootstrapMetrics(
            EvaluationResult.MapTruthToIndices(labels, predictions),
            predictions,
            labels.Count,
            resamples.UnitOfClip
        );
        var uar = new double[count];
        var accuracy = new double[count];
        var macroF1 = new double[count];
        var macroAuc = new double[count];
        resamples.ForEach(randomBelow, (r, counts) =>
            (uar[r], accuracy[r], macroF1[r], macroAuc[r]) = metrics.Compute(counts)
        );
        return new(
            SpeakerResamples.ComputeInterval(uar),
            SpeakerResamples.ComputeInterval(accuracy),
            SpeakerResamples.ComputeInterval(macroF1),
            SpeakerResamples.ComputeInterval(macroAuc),
            resamples.Unit,
            resamples.Units,
            resamples.ClipsWithoutSpeaker,
            resamples.Count
        );
    }
}
