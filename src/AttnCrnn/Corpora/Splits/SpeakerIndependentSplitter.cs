namespace AttnCrnn.Corpora.Splits;

/// <summary>A clip as a split sees it.</summary>
/// <param name="Key">What names the clip whatever the order: its path and stretch.</param>
/// <param name="Label">After <c>--map</c> and <c>--drop</c>; null: it takes no part.</param>
/// <param name="Speaker">Null where nobody said.</param>
/// <param name="Given">The side that a manifest puts it on.</param>
public sealed record SplitClip(string Key, string? Label, string? Speaker, Subset? Given = null);

/// <summary>
/// Deals clips to train, validation and test: whole speakers where they are named, so that nobody is on two sides; the same seed gives the
/// same split whatever the order of the clips.
/// </summary>
public static class SpeakerIndependentSplitter
{
    private static readonly (Subset Side, double Share)[] Fractions =
    [
        (Subset.Train, 0.70),
        (Subset.Validation, 0.15),
        (Subset.Test, 0.15),
    ];

    /// <summary>70, 15 and 15 of 100 clips to train, validation and test, stratified by label.</summary>
    /// <param name="random">Deals clips and not speakers: the original's split, whose figures flatter.</param>
    /// <param name="below">The source of chance: a whole number below the first argument, from the draw that the second names.</param>
    /// <exception cref="InvalidInputException">There are fewer than three clips to deal.</exception>
    public static DatasetSplit TrainValidationTest(
        IReadOnlyList<SplitClip> clips,
        bool random,
        Func<uint, ulong, uint> below
    )
    {
        if (
            !random
            && clips.Where(clip => clip.Label is not null).ToList() is { Count: > 0 } labelled
            && labelled.All(clip => clip.Given is not null)
        )
            return Given(clips);
        var (units, method) = Units(clips, random, 3);
        var subsets = Assign(clips, units, [.. Fractions.Select(valueTuple => valueTuple.Share)], below);
        return Described(
            clips,
            [.. subsets.Select(subset => subset is { } at ? Fractions[at].Side : (Subset?)null)],
            method
        );
    }

    /// <summary>K splits in which every clip is tested once: fold k tests, fold k + 1 validates, the rest trains.</summary>
    /// <exception cref="InvalidInputException">There are fewer units to deal than folds, or fewer than three folds.</exception>
    public static IReadOnlyList<DatasetSplit> Folds(
        IReadOnlyList<SplitClip> clips,
        int folds,
        bool random,
        Func<uint, ulong, uint> below
    )
    {
        if (folds < 3)
            throw new InvalidInputException(
                $"--folds {folds}: at least 3 are needed, one to test, one to validate, the rest to train"
            );
        var (units, method) = Units(clips, random, folds);
        var dealt = Assign(clips, units, [.. Enumerable.Repeat(1.0 / folds, folds)], below);
        return
        [
            .. Enumerable
                .Range(0, folds)
                .Select(fold =>
                    Described(clips, [.. dealt.Select(part => SubsetIn(part, fold, folds))], method, folds)
                ),
        ];
    }

    private static Subset? SubsetIn(int? part, int fold, int folds) =>
        part is null ? null
        : part == fold ? Subset.Test
        : part == (fold + 1) % folds ? Subset.Validation
        : Subset.Train;

    // Units that stay together, each with its clips; speakers where every clip that takes part names one and they suffice.
    private static (IReadOnlyList<int[]> Units, string Method) Units(
        IReadOnlyList<SplitClip> clips,
        bool random,
        int min
    )
    {
        int[] part =
        [
            .. Enumerable
                .Range(0, clips.Count)
                .Where(i => clips[i].Label is not null)
                .OrderBy(i => clips[i].Key, StringComparer.Ordinal),
        ];
        if (part.Length < min)
            throw new InvalidInputException($"{part.Length} labelled clips cannot be dealt to {min} sides");
        var speakers = part.GroupBy(i => clips[i].Speaker).ToArray();
        if (!random && speakers.All(grouping => grouping.Key is not null) && speakers.Length >= min)
            return (
                [
                    .. speakers
                        .OrderBy(grouping => grouping.Key, StringComparer.Ordinal)
                        .Select(grouping => grouping.ToArray()),
                ],
                "speaker"
            );
        return ([.. part.Select(i => (int[])[i])], random ? "random" : "clips");
    }

    // Largest units first in a drawn order among equals; each goes where it brings the labels' counts nearest to the shares.
    private static int?[] Assign(
        IReadOnlyList<SplitClip> clips,
        IReadOnlyList<int[]> units,
        double[] probabilities,
        Func<uint, ulong, uint> below
    )
    {
        string[] labels =
        [
            .. clips.Select(clip => clip.Label).OfType<string>().Distinct().Order(StringComparer.Ordinal),
        ];
        var index = labels
            .Select((label, i) => (label, i))
            .ToDictionary(valueTuple => valueTuple.label, valueTuple => valueTuple.i);
        var totals = new double[labels.Length];
        foreach (var unit in units)
        foreach (var clip in unit)
            totals[index[clips[clip].Label!]]++;
        var have = new double[probabilities.Length, labels.Length];
        var count = new int[probabilities.Length];
        var dealt = new int?[clips.Count];
        var order = Shuffled(units.Count, below);
        var left = units.Count;
        foreach (var at in order.OrderByDescending(at => units[at].Length).ToArray())
        {
            var own = new double[labels.Length];
            foreach (var clip in units[at])
                own[index[clips[clip].Label!]]++;
            var empty = count.Count(c => c == 0);
            var candidates = Enumerable
                .Range(0, probabilities.Length)
                .Where(subset => left > empty || count[subset] == 0); // no side may stay empty
            var best = candidates.MinBy(subset => Cost(have, totals, probabilities, subset, own))!;
            for (var k = 0; k < labels.Length; k++)
                have[best, k] += own[k];
            count[best]++;
            left--;
            foreach (var clip in units[at])
                dealt[clip] = best;
        }
        return dealt;
    }

    // How far the side is filled already, label by label, weighted by what the unit brings: units go where they are missed most.
    private static double Cost(double[,] have, double[] totals, double[] probabilities, int subset, double[] own)
    {
        var cost = 0.0;
        var all = own.Sum();
        for (var k = 0; k < own.Length; k++)
            if (own[k] > 0)
                cost += own[k] / all * (have[subset, k] + (own[k] / 2)) / (totals[k] * probabilities[subset]);
        return cost;
    }

    private static int[] Shuffled(int count, Func<uint, ulong, uint> below)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (var i = count - 1; i > 0; i--)
        {
            var other = (int)below((uint)i + 1, (ulong)i);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order;
    }

    private static DatasetSplit Given(IReadOnlyList<SplitClip> clips) =>
        Described(clips, [.. clips.Select(clip => clip.Label is null ? null : clip.Given)], "manifest");

    private static DatasetSplit Described(
        IReadOnlyList<SplitClip> clips,
        IReadOnlyList<Subset?> subsets,
        string method,
        int folds = 0
    )
    {
        int[] part = [.. Enumerable.Range(0, clips.Count).Where(i => subsets[i] is not null)];
        var named = part.Length > 0 && part.All(i => clips[i].Speaker is not null);
        var shared = part.Where(i => clips[i].Speaker is not null)
            .GroupBy(i => clips[i].Speaker)
            .Where(grouping => grouping.Select(i => subsets[i]).Distinct().Skip(1).Any())
            .Select(grouping => grouping.Key)
            .ToArray();
        var how = method switch
        {
            "speaker" when folds > 0 =>
                $"Whole speakers were dealt to {folds} folds; each fold is tested by a model that was trained and validated on the others.",
            "speaker" => "Whole speakers were dealt to train, validation and test (70/15/15).",
            "random" => "Clips were dealt at random, without regard to speakers, as asked for.",
            "manifest" => "The split is the manifest's own.",
            _ => "Too few speakers are named, so clips were dealt, not speakers.",
        };
        var disjoint = named && shared.Length == 0;
        var truth =
            disjoint ? "No speaker is on two sides."
            : named ? $"{shared.Length} speakers are on more than one side: the figures flatter."
            : "Not every clip names its speaker, so one may be on two sides: the figures may flatter.";
        return new(subsets, method, $"{how} {truth} {Counts(clips, subsets, folds)}", disjoint);
    }

    private static string Counts(IReadOnlyList<SplitClip> clips, IReadOnlyList<Subset?> subsets, int folds)
    {
        string Of(Subset subset)
        {
            int[] own = [.. Enumerable.Range(0, clips.Count).Where(i => subsets[i] == subset)];
            var speakers = own.Select(i => clips[i].Speaker).OfType<string>().Distinct().Count();
            return $"{own.Length} {(own.Length == 1 ? "clip" : "clips")}{(speakers > 0 ? $" of {speakers} {(speakers == 1 ? "speaker" : "speakers")}" : "")}";
        }
        var which = folds > 0 ? "In each fold about" : "There are";
        return $"{which} {Of(Subset.Train)} to train, {Of(Subset.Validation)} to validate, {Of(Subset.Test)} to test.";
    }
}
