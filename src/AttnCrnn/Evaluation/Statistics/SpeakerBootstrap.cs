using System.Globalization;
using MathNet.Numerics.Statistics;

namespace AttnCrnn.Evaluation.Statistics;

/// <summary>
/// 95% percentile intervals by resampling whole speakers. Clips of one speaker resemble each other, so resampling clips would promise more
/// than a test on a few people can keep. Where no clip names its speaker, clips are resampled, and the result says so.
/// </summary>
internal static class SpeakerBootstrap
{
    public const int DefaultResamples = 2000;

    /// <summary>Below this many speakers the percentile interval is known to be too narrow (Cameron, Gelbach and Miller 2008).</summary>
    private const int FewSpeakers = 10;

    /// <param name="labels">[classes].</param>
    /// <param name="predictions">Every clip once; their order does not matter.</param>
    /// <param name="resamples">How many resamples to draw, at least 1.</param>
    /// <param name="below">A whole number below the first argument, from the draw that the second names: resample * units + position.</param>
    public static ConfidenceIntervals Compute(
        IReadOnlyList<string> labels,
        IReadOnlyList<ClipPrediction> predictions,
        int resamples,
        Func<uint, ulong, uint> below
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        var units = UnitsOf(predictions);
        string unit = predictions.Any(clip => clip.Speaker is not null) ? "speaker" : "clip";
        if (units.Length < 2)
            return new(null, null, null, null, unit, units.Length, 0, WhyNone(unit));

        int[] unitOfClip = new int[predictions.Count];
        for (int u = 0; u < units.Length; u++)
        {
            foreach (int clip in units[u])
                unitOfClip[clip] = u;
        }
        var metrics = new BootstrapMetrics(
            EvaluationResult.TruthIndices(labels, predictions),
            predictions,
            labels.Count,
            unitOfClip
        );
        double[] uar = new double[resamples],
            accuracy = new double[resamples],
            macroF1 = new double[resamples],
            macroAuc = new double[resamples];
        int[] times = new int[units.Length];
        for (int r = 0; r < resamples; r++)
        {
            Array.Clear(times);
            for (int j = 0; j < units.Length; j++)
                times[below((uint)units.Length, ((ulong)r * (ulong)units.Length) + (ulong)j)]++;
            (uar[r], accuracy[r], macroF1[r], macroAuc[r]) = metrics.Compute(times);
        }
        return new(
            Percentiles(uar),
            Percentiles(accuracy),
            Percentiles(macroF1),
            Percentiles(macroAuc),
            unit,
            units.Length,
            resamples,
            Describe(predictions, units.Length, resamples)
        );
    }

    /// <summary>
    /// Clips by speaker; a clip that names none is a unit of its own. In an order of names, so that the same clips in another order give the
    /// same interval.
    /// </summary>
    private static int[][] UnitsOf(IReadOnlyList<ClipPrediction> predictions) =>
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

    /// <summary>The middle 95%, interpolated as NumPy does; null where no resample had the figure.</summary>
    private static ConfidenceInterval? Percentiles(double[] values)
    {
        double[] sorted = [.. values.Where(value => !double.IsNaN(value)).Order()];
        if (sorted.Length == 0)
            return null;
        return new(
            SortedArrayStatistics.QuantileCustom(sorted, 0.025, QuantileDefinition.R7),
            SortedArrayStatistics.QuantileCustom(sorted, 0.975, QuantileDefinition.R7)
        );
    }

    private static string WhyNone(string unit) =>
        unit == "speaker"
            ? "No intervals: one speaker says nothing about how much speakers differ."
            : "No intervals: there is one clip only.";

    private static string Describe(IReadOnlyList<ClipPrediction> predictions, int units, int resamples)
    {
        int unnamed = predictions.Count(clip => clip.Speaker is null),
            speakers = units - unnamed;
        string count = resamples.ToString("N0", CultureInfo.InvariantCulture);
        if (speakers == 0)
        {
            return $"95% percentile intervals from {count} resamples of the {units} single clips, because no clip names its speaker: "
                + "too narrow if speakers have several clips each.";
        }
        string also = unnamed == 0 ? "" : $" and the {unnamed} clips that name no speaker";
        string rough = speakers >= FewSpeakers ? "." : "; with so few speakers they are rough, and rather too narrow.";
        return $"95% percentile intervals from {count} resamples of whole speakers ({speakers}){also}{rough}";
    }
}
