namespace AttnCrnn.Corpora.Splits;

/// <summary>A clip to be assigned to a subset.</summary>
/// <param name="Key">
/// Unique key of the clip: its path and segment. Makes the split independent of the order of the clips.
/// </param>
/// <param name="Label">Label after <c>--map</c> and <c>--drop</c>; null to exclude the clip.</param>
/// <param name="Speaker">Speaker; null if unknown.</param>
/// <param name="AssignedSubset">Subset assigned by a manifest.</param>
public sealed record SplitClip(string Key, string? Label, string? Speaker, Subset? AssignedSubset = null);

/// <summary>
/// Assigns clips to train, validation and test sets, by speaker if the speakers are known, so that no speaker is in two
/// subsets. The same seed gives the same split for any order of the clips.
/// </summary>
public static class DatasetSplitter
{
    private static readonly (Subset Subset, double Fraction)[] Fractions =
    [
        (Subset.Train, 0.70),
        (Subset.Validation, 0.15),
        (Subset.Test, 0.15),
    ];

    /// <summary>Creates a 70/15/15 train/validation/test split, stratified by label.</summary>
    /// <param name="random">
    /// Assigns clips instead of speakers, as the original recipe does, which overestimates performance (speaker
    /// leakage).
    /// </param>
    /// <param name="randomBelow">
    /// Random numbers: a uniform integer below the first argument, at the position given by the second.
    /// </param>
    /// <exception cref="InvalidInputException">There are fewer than three labeled clips.</exception>
    public static DatasetSplit CreateTrainValidationTest(
        IReadOnlyList<SplitClip> clips,
        bool random,
        Func<uint, ulong, uint> randomBelow
    )
    {
        if (
            !random
            && clips.Where(clip => clip.Label is not null).ToList() is { Count: > 0 } labeled
            && labeled.All(clip => clip.AssignedSubset is not null)
        )
            return CreateFromManifest(clips);
        var (units, method) = GroupIntoUnits(clips, random, 3);
        var subsets = Assign(clips, units, [.. Fractions.Select(entry => entry.Fraction)], randomBelow);
        return CreateSplit(
            clips,
            [.. subsets.Select(subset => subset is { } index ? Fractions[index].Subset : (Subset?)null)],
            method
        );
    }

    /// <summary>
    /// Creates K splits in which every clip is tested once: fold k is the test set, fold k + 1 the validation set, the
    /// rest the training set.
    /// </summary>
    /// <exception cref="InvalidInputException">
    /// There are fewer labeled clips than folds, or fewer than three folds.
    /// </exception>
    public static IReadOnlyList<DatasetSplit> CreateFolds(
        IReadOnlyList<SplitClip> clips,
        int folds,
        bool random,
        Func<uint, ulong, uint> randomBelow
    )
    {
        if (folds < 3)
            throw new InvalidInputException(
                $"--folds {folds}: expected at least 3 (one for test, one for validation, the rest for training)"
            );
        var (units, method) = GroupIntoUnits(clips, random, folds);
        var assigned = Assign(clips, units, [.. Enumerable.Repeat(1.0 / folds, folds)], randomBelow);
        return
        [
            .. Enumerable
                .Range(0, folds)
                .Select(fold =>
                    CreateSplit(
                        clips,
                        [.. assigned.Select(assignedFold => GetSubset(assignedFold, fold, folds))],
                        method,
                        folds
                    )
                ),
        ];
    }

    private static Subset? GetSubset(int? assignedFold, int fold, int folds) =>
        assignedFold is null ? null
        : assignedFold == fold ? Subset.Test
        : assignedFold == (fold + 1) % folds ? Subset.Validation
        : Subset.Train;

    // Units of clips that stay together: speakers if every labeled clip has a speaker and there are enough, otherwise
    // clips.
    private static (IReadOnlyList<int[]> Units, string Method) GroupIntoUnits(
        IReadOnlyList<SplitClip> clips,
        bool random,
        int min
    )
    {
        int[] selected =
        [
            .. Enumerable
                .Range(0, clips.Count)
                .Where(i => clips[i].Label is not null)
                .OrderBy(i => clips[i].Key, StringComparer.Ordinal),
        ];
        if (selected.Length < min)
            throw new InvalidInputException($"{selected.Length} labeled clips cannot be assigned to {min} subsets");
        var speakers = selected.GroupBy(i => clips[i].Speaker).ToArray();
        if (!random && speakers.All(grouping => grouping.Key is not null) && speakers.Length >= min)
            return (
                [
                    .. speakers
                        .OrderBy(grouping => grouping.Key, StringComparer.Ordinal)
                        .Select(grouping => grouping.ToArray()),
                ],
                "speaker"
            );
        return ([.. selected.Select(i => (int[])[i])], random ? "random" : "clips");
    }

    // Largest units first, in random order among equals; each is assigned to the subset with the lowest cost.
    private static int?[] Assign(
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

    private static DatasetSplit CreateFromManifest(IReadOnlyList<SplitClip> clips) =>
        CreateSplit(clips, [.. clips.Select(clip => clip.Label is null ? null : clip.AssignedSubset)], "manifest");

    private static DatasetSplit CreateSplit(
        IReadOnlyList<SplitClip> clips,
        IReadOnlyList<Subset?> subsets,
        string method,
        int folds = 0
    )
    {
        int[] selected = [.. Enumerable.Range(0, clips.Count).Where(i => subsets[i] is not null)];
        var allSpeakersKnown = selected.Length > 0 && selected.All(i => clips[i].Speaker is not null);
        var sharedSpeakers = selected
            .Where(i => clips[i].Speaker is not null)
            .GroupBy(i => clips[i].Speaker)
            .Where(grouping => grouping.Select(i => subsets[i]).Distinct().Skip(1).Any())
            .Select(grouping => grouping.Key)
            .ToArray();
        var methodText = method switch
        {
            "speaker" when folds > 0 =>
                $"Speakers were assigned to {folds} folds; each fold is tested by a model trained and validated on the "
                    + "others.",
            "speaker" => "Speakers were assigned to train, validation and test sets (70/15/15).",
            "random" => "Clips were assigned at random, regardless of speakers, as requested.",
            "manifest" => "The split is that of the manifest.",
            _ => "Too few speakers are known, so clips were assigned, not speakers.",
        };
        var speakersDisjoint = allSpeakersKnown && sharedSpeakers.Length == 0;
        var leakageText =
            speakersDisjoint ? "No speaker is in more than one subset."
            : allSpeakersKnown
                ? $"{sharedSpeakers.Length} speakers are in more than one subset: the metrics overestimate performance "
                    + "(speaker leakage)."
            : "Not every clip has a speaker: the metrics may overestimate performance (speaker leakage).";
        return new(
            subsets,
            method,
            $"{methodText} {leakageText} {DescribeSizes(clips, subsets, folds)}",
            speakersDisjoint
        );
    }

    private static string DescribeSizes(IReadOnlyList<SplitClip> clips, IReadOnlyList<Subset?> subsets, int folds)
    {
        string DescribeSize(Subset subset)
        {
            int[] indices = [.. Enumerable.Range(0, clips.Count).Where(i => subsets[i] == subset)];
            var speakers = indices.Select(i => clips[i].Speaker).OfType<string>().Distinct().Count();
            var speakerText = speakers == 0 ? "" : $" of {speakers} {(speakers == 1 ? "speaker" : "speakers")}";
            return $"{indices.Length} {(indices.Length == 1 ? "clip" : "clips")}{speakerText}";
        }
        var prefix = folds > 0 ? "Approximate size per fold" : "Size";
        return $"{prefix}: train {DescribeSize(Subset.Train)}, validation {DescribeSize(Subset.Validation)}, "
            + $"test {DescribeSize(Subset.Test)}.";
    }
}
