namespace AttnCrnn.Evaluation.Statistics;

/// <summary>
/// Correctly ordered (clip of the class, other clip) pairs, by the units of both clips. The area under the ROC curve of
/// a resample is a quadratic form of how often each unit was drawn, so that its time depends on the number of units,
/// not of clips.
/// </summary>
internal sealed class UnitPairs(int units)
{
    // [units, units], twice the pairs; integers, which double represents exactly.
    private readonly double[] twicePairs = new double[units * units];
    private readonly int[] positives = new int[units];
    private readonly int[] negatives = new int[units];

    /// <summary>Adds a clip.</summary>
    /// <param name="unit">Unit of the clip.</param>
    /// <param name="inClass">Whether the clip is of the class.</param>
    /// <param name="lower">[units], clips outside the class with lower scores.</param>
    /// <param name="tied">[units], clips outside the class with equal scores.</param>
    public void Add(int unit, bool inClass, int[] lower, int[] tied)
    {
        if (!inClass)
        {
            negatives[unit]++;
            return;
        }
        positives[unit]++;
        var row = twicePairs.AsSpan(unit * units, units);
        for (var other = 0; other < units; other++)
            row[other] += (2 * lower[other]) + tied[other];
    }

    /// <summary>As <see cref="ClassRanking.ComputeAuc"/>, with equal results.</summary>
    public double ComputeAuc(int[] unitCounts)
    {
        long positiveCount = 0;
        long negativeCount = 0;
        var sum = 0.0;
        for (var unit = 0; unit < units; unit++)
        {
            if (unitCounts[unit] == 0)
                continue;
            positiveCount += (long)unitCounts[unit] * positives[unit];
            negativeCount += (long)unitCounts[unit] * negatives[unit];
            var rowSum = 0.0;
            var row = twicePairs.AsSpan(unit * units, units);
            for (var other = 0; other < units; other++)
                rowSum += unitCounts[other] * row[other];
            sum += unitCounts[unit] * rowSum;
        }
        return positiveCount == 0 || negativeCount == 0 ? double.NaN : sum / (2.0 * positiveCount * negativeCount);
    }
}
