using MathNet.Numerics.Statistics;

namespace AttnCrnn.Evaluation.Statistics;

/// <summary>
/// 95% confidence intervals by the percentile bootstrap over speakers. Clips of one speaker are correlated, so that
/// resampling clips would underestimate the uncertainty. If no speaker is known, clips are resampled.
/// </summary>
internal static class SpeakerBootstrap
{
    public const int DefaultResamples = 2000;

    /// <param name="labels">[classes].</param>
    /// <param name="predictions">One per clip, in any order.</param>
    /// <param name="resamples">Number of resamples, at least 1.</param>
    /// <param name="randomBelow">
    /// Random numbers: a uniform integer below the first argument, at the position resample * units + unit given by the
    /// second.
    /// </param>
    public static ConfidenceIntervals Compute(
        IReadOnlyList<string> labels,
        IReadOnlyList<ClipPrediction> predictions,
        int resamples,
        Func<uint, ulong, uint> randomBelow
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        var units = GroupIntoUnits(predictions);
        int unknownSpeakerClips = predictions.Count(clip => clip.Speaker is null);
        var unit = unknownSpeakerClips < predictions.Count ? ResamplingUnit.Speaker : ResamplingUnit.Clip;
        if (units.Length < 2)
            return new(null, null, null, null, unit, units.Length, unknownSpeakerClips, 0);

        int[] unitOfClip = new int[predictions.Count];
        for (int u = 0; u < units.Length; u++)
        {
            foreach (int clip in units[u])
                unitOfClip[clip] = u;
        }
        var metrics = new BootstrapMetrics(
            EvaluationResult.MapTruthToIndices(labels, predictions),
            predictions,
            labels.Count,
            unitOfClip
        );
        double[] uar = new double[resamples];
        double[] accuracy = new double[resamples];
        double[] macroF1 = new double[resamples];
        double[] macroAuc = new double[resamples];
        int[] counts = new int[units.Length];
        for (int r = 0; r < resamples; r++)
        {
            Array.Clear(counts);
            for (int j = 0; j < units.Length; j++)
                counts[randomBelow((uint)units.Length, ((ulong)r * (ulong)units.Length) + (ulong)j)]++;
            (uar[r], accuracy[r], macroF1[r], macroAuc[r]) = metrics.Compute(counts);
        }
        return new(
            ComputeInterval(uar),
            ComputeInterval(accuracy),
            ComputeInterval(macroF1),
            ComputeInterval(macroAuc),
            unit,
            units.Length,
            unknownSpeakerClips,
            resamples
        );
    }

    /// <summary>
    /// Clips by speaker; a clip without a speaker is a unit of its own. Sorted, so that the order of the clips does not
    /// affect the intervals.
    /// </summary>
    private static int[][] GroupIntoUnits(IReadOnlyList<ClipPrediction> predictions) =>
        [
            .. Enumerable
                .Range(0, predictions.Count)
                .OrderBy(i => predictions[i].Speaker, StringComparer.Ordinal)
                .ThenBy(i => predictions[i].Path, StringComparer.Ordinal)
                .ThenBy(i => predictions[i].StartSeconds)
                .ThenBy(i => predictions[i].EndSeconds)
                .GroupBy(i =>
                    predictions[i].Speaker is { } speaker ? (speaker, (ClipKey?)null) : (null, predictions[i].Key)
                )
                .Select(unit => unit.ToArray()),
        ];

    /// <summary>
    /// The 2.5th and 97.5th percentiles, interpolated as in NumPy; null if the metric is undefined in all resamples.
    /// </summary>
    private static ConfidenceInterval? ComputeInterval(double[] values)
    {
        double[] sorted = [.. values.Where(value => !double.IsNaN(value)).Order()];
        if (sorted.Length == 0)
            return null;
        return new(
            SortedArrayStatistics.QuantileCustom(sorted, 0.025, QuantileDefinition.R7),
            SortedArrayStatistics.QuantileCustom(sorted, 0.975, QuantileDefinition.R7)
        );
    }
}
