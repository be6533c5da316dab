namespace AttnCrnn.Evaluation.Statistics;

/// <summary>The confusion matrix of each unit of resampling, without its zeros.</summary>
internal sealed class UnitConfusion
{
    private readonly (int Unit, int Cell, int Count)[] entries;

    /// <param name="cellOfClip">[clips], truth * classes + predicted.</param>
    /// <param name="unitOfClip">[clips], the unit of resampling.</param>
    public UnitConfusion(int[] cellOfClip, int[] unitOfClip) =>
        entries = [
            .. cellOfClip
                .Zip(unitOfClip, (cell, unit) => (Unit: unit, Cell: cell))
                .CountBy(clip => clip)
                .Select(entry => (entry.Key.Unit, entry.Key.Cell, entry.Value))
                .Order(),
        ];

    /// <summary>Number of units with clips in some of the cells.</summary>
    /// <param name="isCounted">Whether a cell, truth * classes + predicted, is one of them.</param>
    public int CountUnits(Func<int, bool> isCounted) =>
        entries.Where(entry => isCounted(entry.Cell)).Select(entry => entry.Unit).Distinct().Count();

    /// <summary>Sums the matrices, each as often as its unit was drawn.</summary>
    /// <param name="unitCounts">[units], number of times each was drawn.</param>
    /// <param name="counts">[classes * classes], zeros; receives the sum.</param>
    public void Sum(int[] unitCounts, int[] counts)
    {
        foreach (var (unit, cell, count) in entries)
            counts[cell] += unitCounts[unit] * count;
    }
}
