namespace AttnCrnn.Evaluation.Statistics;

/// <summary>
/// Clips in ascending order of a class's probability, sorted once for the area under the ROC curve of all resamples.
/// </summary>
internal sealed class ClassRanking
{
    private readonly int[] unit;
    private readonly bool[] inClass;
    private readonly bool[] lastOfTie;

    /// <param name="scores">[clips], probability of the class.</param>
    /// <param name="inClass">[clips], whether the clip belongs to the class.</param>
    /// <param name="unitOfClip">[clips], the unit of resampling.</param>
    public ClassRanking(double[] scores, bool[] inClass, int[] unitOfClip)
    {
        int[] order = [.. Enumerable.Range(0, scores.Length).OrderBy(i => scores[i])];
        unit = [.. order.Select(i => unitOfClip[i])];
        this.inClass = [.. order.Select(i => inClass[i])];
        lastOfTie =
        [
            .. order.Select((clip, rank) => rank + 1 == order.Length || scores[order[rank + 1]] != scores[clip]),
        ];
    }

    /// <summary>
    /// Fraction of correctly ordered (clip of the class, other clip) pairs, ties counting half; NaN without pairs.
    /// </summary>
    /// <param name="unitCounts">[units], number of times each was drawn.</param>
    public double ComputeAuc(int[] unitCounts)
    {
        long twicePairs = 0;
        long positives = 0;
        long negatives = 0;
        long tiedPositives = 0;
        long tiedNegatives = 0;
        for (int i = 0; i < unit.Length; i++)
        {
            if (inClass[i])
                tiedPositives += unitCounts[unit[i]];
            else
                tiedNegatives += unitCounts[unit[i]];
            if (!lastOfTie[i])
                continue;
            twicePairs += tiedPositives * ((2 * negatives) + tiedNegatives);
            positives += tiedPositives;
            negatives += tiedNegatives;
            tiedPositives = tiedNegatives = 0;
        }
        return positives == 0 || negatives == 0 ? double.NaN : twicePairs / (2.0 * positives * negatives);
    }

    /// <summary>
    /// Counts the pairs of every two units, which give the area of a resample without its clips.
    /// </summary>
    public UnitPairs CountPairs(int units)
    {
        var pairs = new UnitPairs(units);
        var lower = new int[units]; // clips outside the class with lower scores
        var tied = new int[units];
        var first = 0;
        for (var last = 0; last < unit.Length; last++)
        {
            if (!lastOfTie[last])
                continue;
            Array.Clear(tied);
            for (var i = first; i <= last; i++)
                if (!inClass[i])
                    tied[unit[i]]++;
            for (var i = first; i <= last; i++)
                pairs.Add(unit[i], inClass[i], lower, tied);
            for (var other = 0; other < units; other++)
                lower[other] += tied[other];
            first = last + 1;
        }
        return pairs;
    }
}
