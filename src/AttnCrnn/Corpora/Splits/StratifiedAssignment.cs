namespace AttnCrnn.Corpora.Splits;

/// <summary>Assigns units of clips to subsets, so that each label is divided by the subsets' fractions.</summary>
internal static class StratifiedAssignment
{
    /// <summary>
    /// Assigns the largest units first, in random order among equals, each to the subset with the lowest cost.
    /// </summary>
    /// <param name="units">Indices of the clips of each unit.</param>
    /// <param name="fractions">[subsets], the fraction of the clips that each subset should get.</param>
    /// <returns>[clips], the index of a subset; null for a clip that is in no unit.</returns>
    public static int?[] Assign(
        IReadOnlyList<SplitClip> clips,
        IReadOnlyList<int[]> units,
        double[] fractions,
        Func<uint, ulong, uint> randomBelow
    )
    {
        string[] labels =
        [
            .. clips.Select(clip => clip.Label).OfType<string>().Distinct().Order(StringComparer.Ordinal),
        ];
        var index = labels.Select((label, i) => (label, i)).ToDictionary(entry => entry.label, entry => entry.i);
        var totals = new double[labels.Length];
        foreach (var unit in units)
        foreach (var clip in unit)
            totals[index[clips[clip].Label!]]++;
        var counts = new double[fractions.Length, labels.Length];
        var unitsOfSubset = new int[fractions.Length];
        var assigned = new int?[clips.Count];
        var order = Shuffle(units.Count, randomBelow);
        var remaining = units.Count;
        foreach (var unit in order.Select(i => units[i]).OrderByDescending(unit => unit.Length).ToArray())
        {
            var unitCounts = new double[labels.Length];
            foreach (var clip in unit)
                unitCounts[index[clips[clip].Label!]]++;
            var emptySubsets = unitsOfSubset.Count(count => count == 0);
            var candidates = Enumerable
                .Range(0, fractions.Length)
                .Where(subset => remaining > emptySubsets || unitsOfSubset[subset] == 0); // no subset may stay empty
            var best = candidates.MinBy(subset => ComputeCost(counts, totals, fractions, subset, unitCounts))!;
            for (var k = 0; k < labels.Length; k++)
                counts[best, k] += unitCounts[k];
            unitsOfSubset[best]++;
            remaining--;
            foreach (var clip in unit)
                assigned[clip] = best;
        }
        return assigned;
    }

    // Fill level of the subset per label, weighted by the labels of the unit.
    private static double ComputeCost(
        double[,] counts,
        double[] totals,
        double[] fractions,
        int subset,
        double[] unitCounts
    )
    {
        var cost = 0.0;
        var unitSize = unitCounts.Sum();
        for (var k = 0; k < unitCounts.Length; k++)
            if (unitCounts[k] > 0)
                cost +=
                    unitCounts[k]
                    / unitSize
                    * (counts[subset, k] + (unitCounts[k] / 2))
                    / (totals[k] * fractions[subset]);
        return cost;
    }

    private static int[] Shuffle(int count, Func<uint, ulong, uint> randomBelow)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (var i = count - 1; i > 0; i--)
        {
            var swapIndex = (int)randomBelow((uint)i + 1, (ulong)i);
            (order[i], order[swapIndex]) = (order[swapIndex], order[i]);
        }
        return order;
    }
}
