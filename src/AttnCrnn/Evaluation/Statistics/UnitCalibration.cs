using AttnCrnn.Metrics;

namespace AttnCrnn.Evaluation.Statistics;

/// <summary>How well the probabilities of each unit of resampling fit its labels.</summary>
internal sealed class UnitCalibration
{
    private readonly (int Clips, double LogLoss, double Brier)[] sums; // [units]
    private readonly (int Unit, int Bin, double Gap)[] entries; // correct minus confidence, summed over clips

    /// <param name="truth">[clips], the class of each.</param>
    /// <param name="probabilities">[clips][classes].</param>
    /// <param name="unitOfClip">[clips], the unit of resampling.</param>
    public UnitCalibration(int[] truth, double[][] probabilities, int[] unitOfClip)
    {
        var clips = truth
            .Select(
                (label, i) =>
                    (
                        Unit: unitOfClip[i],
                        Bin: Calibration.FindBin(probabilities[i].Max()),
                        LogLoss: ProbabilityLoss.ComputeLogLoss(label, probabilities[i]),
                        Brier: ProbabilityLoss.ComputeBrier(label, probabilities[i]),
                        Gap: (ClassProbabilities.FindMostProbable(probabilities[i]) == label ? 1 : 0)
                            - probabilities[i].Max()
                    )
            )
            .Order() // so that the order of the clips does not affect the sums
            .ToList();
        sums =
        [
            .. clips
                .GroupBy(clip => clip.Unit)
                .Select(unit => (unit.Count(), unit.Sum(clip => clip.LogLoss), unit.Sum(clip => clip.Brier))),
        ];
        entries =
        [
            .. clips
                .GroupBy(clip => (clip.Unit, clip.Bin))
                .Select(bin => (bin.Key.Unit, bin.Key.Bin, bin.Sum(clip => clip.Gap))),
        ];
    }

    /// <summary>The mean log loss and Brier score, and the expected calibration error, of a resample.</summary>
    /// <param name="unitCounts">[units], number of times each was drawn.</param>
    public (double LogLoss, double Brier, double Ece) Compute(int[] unitCounts)
    {
        long clips = 0;
        double logLoss = 0;
        double brier = 0;
        for (var unit = 0; unit < sums.Length; unit++)
        {
            clips += (long)unitCounts[unit] * sums[unit].Clips;
            logLoss += unitCounts[unit] * sums[unit].LogLoss;
            brier += unitCounts[unit] * sums[unit].Brier;
        }
        var gaps = new double[Calibration.Bins];
        foreach (var (unit, bin, gap) in entries)
            gaps[bin] += unitCounts[unit] * gap;
        return (logLoss / clips, brier / clips, gaps.Sum(Math.Abs) / clips);
    }
}
