using AttnCrnn.Options;

namespace AttnCrnn.Corpora.Splits;

/// <summary>A clip to be assigned to a subset.</summary>
/// <param name="Key">
/// Unique key of the clip: its path and segment. Makes the split independent of the order of the clips.
/// </param>
/// <param name="Label">Label after <c>--map</c> and <c>--drop</c>; null to exclude the clip.</param>
/// <param name="Speaker">Speaker; null if unknown.</param>
/// <param name="AssignedSubset">Subset assigned by a manifest.</param>
public sealed record SplitClip(string Key, string? Label, string? Speaker, Subset? AssignedSubset = null)
{
    /// <summary>Recording session, whose speakers stay together; null if unknown.</summary>
    public string? Session { get; init; }
}

/// <summary>
/// Assigns clips to train, validation and test sets, by speaker if the speakers are known, so that no speaker is in two
/// subsets; the speakers of a recording session stay together if there are enough sessions. The same seed gives the
/// same split for any order of the clips.
/// </summary>
public static class DatasetSplitter
{
    private static readonly (Subset Subset, double Fraction)[] Fractions =
    [
        (Subset.Train, 0.70),
        (Subset.Validation, 0.15),
        (Subset.Test, 0.15),
    ];

    /// <summary>
    /// Creates a 70/15/15 train/validation/test split, stratified by label. The subsets of a manifest are kept, and
    /// labeled clips that it gives none are left out, unless <paramref name="method"/> is Random, or it is Speaker and
    /// a labeled clip has no subset.
    /// </summary>
    /// <param name="method">By default, clips are assigned if fewer than three speakers are named.</param>
    /// <param name="randomBelow">
    /// Random numbers: a uniform integer below the first argument, at the position given by the second.
    /// </param>
    /// <exception cref="InvalidInputException">
    /// There are fewer than three labeled clips, the method is Speaker and the named speakers do not suffice, it is
    /// Manifest and no labeled clip has a subset, or the manifest has no training or validation clips.
    /// </exception>
    public static DatasetSplit CreateTrainValidationTest(
        IReadOnlyList<SplitClip> clips,
        SplitMethod method,
        Func<uint, ulong, uint> randomBelow
    ) => CreateTrainValidationTest(clips, method, randomBelow, completeManifestOnly: false);

    /// <summary>As the public method; for runs that an earlier version started.</summary>
    /// <param name="completeManifestOnly">
    /// By default, keeps the subsets of a manifest only if it assigns all labeled clips, as 0.1 did.
    /// </param>
    internal static DatasetSplit CreateTrainValidationTest(
        IReadOnlyList<SplitClip> clips,
        SplitMethod method,
        Func<uint, ulong, uint> randomBelow,
        bool completeManifestOnly
    )
    {
        if (UsesManifest(clips, method, completeManifestOnly))
            return CreateFromManifest(clips);
        if (method == SplitMethod.Manifest)
            throw SplitRefusal.CreateMissingManifest(clips);
        var units = SplitUnits.Create(
            clips,
            method == SplitMethod.Random,
            Fractions.Length,
            leaveOutFew: method == SplitMethod.Default && !completeManifestOnly
        );
        if (units.Reason is not null && method == SplitMethod.Speaker)
            throw SplitRefusal.Create(units);
        var fractions = Fractions.Select(entry => entry.Fraction).ToArray();
        var assigned = StratifiedAssignment.Assign(clips, units.Units, fractions, randomBelow);
        Subset?[] subsets = [.. assigned.Select(index => index is { } i ? Fractions[i].Subset : (Subset?)null)];
        return new(subsets, units.CreateFacts(clips, subsets));
    }

    /// <summary>
    /// Creates K splits in which every clip is tested once: fold k is the test set, fold k + 1 the validation set, the
    /// rest the training set. With <see cref="FoldCount.Speakers"/>, fold k is the k-th speaker in ordinal order.
    /// </summary>
    /// <param name="method">By speaker, unless Random.</param>
    /// <param name="randomBelow">
    /// Random numbers: a uniform integer below the first argument, at the position given by the second.
    /// </param>
    /// <exception cref="InvalidInputException">
    /// There are fewer labeled clips or named speakers than folds, fewer than three folds, or clips without a speaker;
    /// or Random is combined with one fold per speaker.
    /// </exception>
    /// <exception cref="ArgumentException">The folds are those of EmoBox, which are of corpora.</exception>
    public static IReadOnlyList<DatasetSplit> CreateFolds(
        IReadOnlyList<SplitClip> clips,
        FoldCount folds,
        SplitMethod method,
        Func<uint, ulong, uint> randomBelow
    ) => CreateFolds(clips, folds, method, randomBelow, clipsIfTooFewSpeakers: false);

    /// <summary>As the public method; for runs that an earlier version started.</summary>
    /// <param name="clipsIfTooFewSpeakers">
    /// Assigns clips instead of an error if the named speakers do not suffice for a number of folds, as 0.1 did.
    /// </param>
    internal static IReadOnlyList<DatasetSplit> CreateFolds(
        IReadOnlyList<SplitClip> clips,
        FoldCount folds,
        SplitMethod method,
        Func<uint, ulong, uint> randomBelow,
        bool clipsIfTooFewSpeakers
    )
    {
        if (folds.IsEmoBox)
            throw new ArgumentException("the folds of EmoBox are those of a corpus", nameof(folds));
        if (ValidateFolds(folds, method) is { } error)
            throw new InvalidOptionsException([new(OptionKeys.Folds, $"{folds}", error)]);
        var min = folds.IsOnePerSpeaker ? FoldCount.Min : folds.Number;
        var units = SplitUnits.Create(clips, method == SplitMethod.Random, min, bySession: !folds.IsOnePerSpeaker);
        if (units.Reason is not null && (folds.IsOnePerSpeaker || !clipsIfTooFewSpeakers))
            throw SplitRefusal.Create(folds, units);
        var count = folds.IsOnePerSpeaker ? units.Units.Count : folds.Number;
        var assigned = folds.IsOnePerSpeaker
            ? AssignInOrder(clips.Count, units.Units)
            : StratifiedAssignment.Assign(clips, units.Units, [.. Enumerable.Repeat(1.0 / count, count)], randomBelow);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(fold => (Subset?[])[.. assigned.Select(subset => GetSubset(subset, fold, count))])
                .Select(subsets => new DatasetSplit(
                    subsets,
                    units.CreateFacts(clips, subsets) with
                    {
                        Folds = count,
                        LeavesOneSpeakerOut = folds.IsOnePerSpeaker,
                    }
                )),
        ];
    }

    private static OptionText? ValidateFolds(FoldCount folds, SplitMethod method) =>
        folds.FindConflict(method)
        ?? (
            !folds.IsOnePerSpeaker && folds.Number < FoldCount.Min
                ? OptionText.Create(
                    $"expected at least {FoldCount.Min} (one for test, one for validation, the rest for training)"
                )
                : null
        );

    /// <summary>The subset of a clip in one of the splits of a cross-validation.</summary>
    /// <param name="assignedFold">The fold that tests the clip, from 0; null for a clip that is left out.</param>
    internal static Subset? GetSubset(int? assignedFold, int fold, int folds) =>
        assignedFold is null ? null
        : assignedFold == fold ? Subset.Test
        : assignedFold == (fold + 1) % folds ? Subset.Validation
        : Subset.Train;

    private static int?[] AssignInOrder(int clips, IReadOnlyList<int[]> units)
    {
        var assigned = new int?[clips];
        for (var unit = 0; unit < units.Count; unit++)
        {
            foreach (var clip in units[unit])
                assigned[clip] = unit;
        }
        return assigned;
    }

    private static bool UsesManifest(IReadOnlyList<SplitClip> clips, SplitMethod method, bool completeManifestOnly)
    {
        var labeled = clips.Where(clip => clip.Label is not null).ToList();
        var withSubset = labeled.Count(clip => clip.AssignedSubset is not null);
        var isComplete = withSubset == labeled.Count && labeled.Count > 0;
        return method switch
        {
            SplitMethod.Random => false,
            SplitMethod.Speaker => isComplete,
            SplitMethod.Default when completeManifestOnly => isComplete,
            _ => withSubset > 0,
        };
    }

    private static DatasetSplit CreateFromManifest(IReadOnlyList<SplitClip> clips)
    {
        Subset?[] subsets = [.. clips.Select(clip => clip.Label is null ? null : clip.AssignedSubset)];
        var facts = SplitFacts.Create(clips, subsets, SplitKind.Manifest);
        return facts.Train.Clips > 0 && facts.Validation.Clips > 0
            ? new(subsets, facts)
            : throw SplitRefusal.CreateEmptySubset(facts, clips);
    }
}
