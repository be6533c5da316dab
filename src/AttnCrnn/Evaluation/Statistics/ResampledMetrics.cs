namespace AttnCrnn.Evaluation.Statistics;

/// <summary>Metrics of all clips and of each resample of speakers, in the order of BootstrapMetrics.</summary>
/// <param name="Values">[metrics], of all clips.</param>
/// <param name="Resampled">[metrics][resamples].</param>
/// <param name="Units">[metrics], number of speakers that determine it, or of clips if those are resampled.</param>
internal sealed record ResampledMetrics(double[] Values, double[][] Resampled, int[] Units)
{
    /// <param name="labels">[classes].</param>
    /// <param name="predictions">One per clip, in any order; of at least two units.</param>
    /// <param name="count">Number of resamples, at least 1.</param>
    /// <param name="randomBelow">As for <see cref="SpeakerResamples.ForEach"/>.</param>
    public static ResampledMetrics Compute(
        IReadOnlyList<string> labels,
        IReadOnlyList<ClipPrediction> predictions,
        int count,
        Func<uint, ulong, uint> randomBelow
    ) => Compute(labels, predictions, new SpeakerResamples(predictions, count), randomBelow);

    /// <summary>As the other method, of resamples that exist already.</summary>
    public static ResampledMetrics Compute(
        IReadOnlyList<string> labels,
        IReadOnlyList<ClipPrediction> predictions,
        SpeakerResamples resamples,
        Func<uint, ulong, uint> randomBelow
    )
    {
        var metrics = new BootstrapMetrics(
            EvaluationResult.MapTruthToIndices(labels, predictions),
            predictions,
            labels.Count,
            resamples.UnitOfClip
        );
        var all = new double[metrics.Count];
        metrics.Compute([.. Enumerable.Repeat(1, resamples.Units)], all);
        double[][] resampled = [.. all.Select(_ => new double[resamples.Count])];
        resamples.ForEach(randomBelow, (r, counts) =>
        {
            var values = new double[metrics.Count];
            metrics.Compute(counts, values);
            for (var i = 0; i < values.Length; i++)
                resampled[i][r] = values[i];
        });
        int[] units =
        [
            .. Enumerable.Repeat(resamples.Units, BootstrapMetrics.GetRecall(0)),
            .. Enumerable.Range(0, labels.Count).SelectMany(metrics.CountUnits),
        ];
        return new(all, resampled, units);
    }
}
