namespace AttnCrnn.Evaluation.Statistics;

/// <summary>
/// Clips in descending order of a class's probability, sorted once for the area under the ROC curve and the average
/// precision of all resamples.
/// </summary>
internal sealed class ClassRanking
{
    private readonly int[] unit;
    private readonly int[] inClass; // a mask: all bits of the clips of the class, none of the others
    private readonly bool[] lastOfTie;

    /// <param name="scores">[clips], probability of the class.</param>
    /// <param name="inClass">[clips], whether the clip belongs to the class.</param>
    /// <param name="unitOfClip">[clips], the unit of resampling.</param>
    public ClassRanking(double[] scores, bool[] inClass, int[] unitOfClip)
    {
        int[] order = [.. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i])];
        unit = [.. order.Select(i => unitOfClip[i])];
        this.inClass = [.. order.Select(i => inClass[i] ? -1 : 0)];
        lastOfTie =
        [
            .. order.Select((clip, rank) => rank + 1 == order.Length || scores[order[rank + 1]] != scores[clip]),
        ];
    }

    /// <summary>
    /// The fraction of correctly ordered (clip of the class, other clip) pairs, ties counting half, and the sum over
    /// thresholds of precision times the increase in recall; both NaN without pairs.
    /// </summary>
    /// <param name="unitCounts">[units], number of times each was drawn.</param>
    public (double Auc, double AveragePrecision) Compute(int[] unitCounts)
    {
        long twicePairs = 0;
        long positives = 0;
        long negatives = 0;
        long tiedPositives = 0;
        long tiedNegatives = 0;
        double precisions = 0; // of the clips of the class, summed
        for (int i = 0; i < unit.Length; i++)
        {
            // By masks: the processor cannot predict which clips are of the class.
            var count = unitCounts[unit[i]];
            tiedPositives += count & inClass[i];
            tiedNegatives += count & ~inClass[i];
            if (!lastOfTie[i])
                continue;
            twicePairs += tiedNegatives * ((2 * positives) + tiedPositives);
            positives += tiedPositives;
            negatives += tiedNegatives;
            if (tiedPositives > 0)
                precisions += tiedPositives * (positives / (double)(positives + negatives));
            tiedPositives = tiedNegatives = 0;
        }
        return positives == 0 || negatives == 0
            ? (double.NaN, double.NaN)
            : (twicePairs / (2.0 * positives * negatives), precisions / positives);
    }
}
