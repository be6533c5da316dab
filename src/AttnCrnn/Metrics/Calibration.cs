namespace AttnCrnn.Metrics;

/// <summary>Clips whose confidence lies in (<paramref name="Low"/>, <paramref name="High"/>].</summary>
/// <param name="Low">Lower edge, excluded.</param>
/// <param name="High">Upper edge, included.</param>
/// <param name="Count">Clips inside.</param>
/// <param name="Confidence">Their mean highest probability; NaN where there are none.</param>
/// <param name="Accuracy">The share of them predicted rightly; NaN where there are none.</param>
public sealed record CalibrationBin(double Low, double High, int Count, double Confidence, double Accuracy);

/// <summary>Whether a probability means what it says (Guo et al. 2017, "On calibration of modern neural networks").</summary>
internal static class Calibration
{
    public const int Bins = 15;

    /// <param name="confidences">[clips], each clip's highest probability, 0..1.</param>
    /// <param name="right">[clips], whether the class of that probability is the truth.</param>
    public static CalibrationBin[] Compute(double[] confidences, bool[] right)
    {
        var counts = new int[Bins];
        var rights = new int[Bins];
        var sums = new double[Bins];
        for (int i = 0; i < confidences.Length; i++)
        {
            int bin = Math.Clamp((int)Math.Ceiling(confidences[i] * Bins) - 1, 0, Bins - 1);
            counts[bin]++;
            sums[bin] += confidences[i];
            if (right[i])
                rights[bin]++;
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
                    rights[b] / (double)counts[b]
                )),
        ];
    }

    /// <summary>Expected calibration error: the bins' distance of confidence and accuracy, weighted by their clips, 0..1.</summary>
    public static double Error(IReadOnlyList<CalibrationBin> bins)
    {
        double all = bins.Sum(bin => bin.Count);
        return bins.Where(bin => bin.Count > 0).Sum(bin => bin.Count / all * Math.Abs(bin.Accuracy - bin.Confidence));
    }
}
