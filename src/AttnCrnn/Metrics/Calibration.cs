namespace AttnCrnn.Metrics;

/// <summary>Clips whose confidence lies in (<paramref name="Low"/>, <paramref name="High"/>].</summary>
/// <param name="Low">Lower edge, excluded.</param>
/// <param name="High">Upper edge, included.</param>
/// <param name="Count">Number of clips.</param>
/// <param name="Confidence">Mean confidence of the clips; NaN without clips.</param>
/// <param name="Accuracy">Fraction of correctly predicted clips; NaN without clips.</param>
public sealed record CalibrationBin(double Low, double High, int Count, double Confidence, double Accuracy);

/// <summary>Calibration of probabilities (Guo et al. 2017, "On calibration of modern neural networks").</summary>
internal static class Calibration
{
    public const int Bins = 15;

    /// <param name="confidences">[clips], each clip's highest probability, 0..1.</param>
    /// <param name="correct">[clips], whether the clip is predicted correctly.</param>
    public static CalibrationBin[] Compute(double[] confidences, bool[] correct)
    {
        var counts = new int[Bins];
        var correctCounts = new int[Bins];
        var sums = new double[Bins];
        for (int i = 0; i < confidences.Length; i++)
        {
            int bin = FindBin(confidences[i]);
            counts[bin]++;
            sums[bin] += confidences[i];
            if (correct[i])
                correctCounts[bin]++;
        }
        return
        [
            .. Enumerable
                .Range(0, Bins)
                .Select(b => new CalibrationBin(
                    b / (double)Bins,
                    (b + 1) / (double)Bins,
                    counts[b],
                    sums[b] / counts[b],
                    correctCounts[b] / (double)counts[b]
                )),
        ];
    }

    /// <summary>Index of the bin of a confidence.</summary>
    public static int FindBin(double confidence) => Math.Clamp((int)Math.Ceiling(confidence * Bins) - 1, 0, Bins - 1);

    /// <summary>
    /// Expected calibration error: |accuracy - confidence| averaged over the bins, weighted by their clips, 0..1.
    /// </summary>
    public static double ComputeError(IReadOnlyList<CalibrationBin> bins)
    {
        double total = bins.Sum(bin => bin.Count);
        return bins.Where(bin => bin.Count > 0).Sum(bin => bin.Count / total * Math.Abs(bin.Accuracy - bin.Confidence));
    }
}
