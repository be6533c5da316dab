using AttnCrnn.Options;

namespace AttnCrnn.Corpora.Splits;

/// <summary>The split whose test and validation speakers are named.</summary>
internal static class SpeakerListSplit
{
    // As in the split by speaker, 70/15/15, in which the test set is given.
    private const double TrainFraction = 0.70 / 0.85;

    /// <summary>
    /// The named speakers in their sets, and the others in the training set; without a list of validation speakers, 15%
    /// of all clips are validated, by speaker, drawn from those that are not named.
    /// </summary>
    /// <param name="randomBelow">As for <see cref="DatasetSplitter"/>.</param>
    /// <exception cref="InvalidOptionsException">The lists do not fit the speakers.</exception>
    /// <exception cref="InvalidInputException">
    /// A labeled clip has no speaker, or no training clips remain.
    /// </exception>
    public static DatasetSplit Create(
        IReadOnlyList<SplitClip> clips,
        SpeakerLists lists,
        Func<uint, ulong, uint> randomBelow
    )
    {
        RequireSpeakers(clips);
        string[] speakers =
        [
            .. clips
                .Where(clip => clip.Label is not null)
                .Select(clip => clip.Speaker!)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
        var (test, validation) = lists.Resolve(speakers);
        if (lists.Validation.Count == 0)
            validation = DrawValidation(clips, test, lists, randomBelow);
        Subset?[] subsets =
        [
            .. clips.Select(clip =>
                clip.Label is null ? (Subset?)null
                : test.Contains(clip.Speaker!) ? Subset.Test
                : validation.Contains(clip.Speaker!) ? Subset.Validation
                : Subset.Train
            ),
        ];
        var facts = SplitFacts.Create(clips, subsets, SplitKind.SpeakerList) with
        {
            DrawsValidation = lists.Validation.Count == 0,
        };
        return facts.Train.Clips > 0
            ? new(subsets, facts)
            : throw new InvalidInputException(
                OptionText.Create(
                    $"no training clips remain: {OptionKeys.TestSpeakers} and {OptionKeys.ValidationSpeakers} name all "
                        + $"{speakers.Length} speakers; name fewer"
                )
            );
    }

    private static void RequireSpeakers(IReadOnlyList<SplitClip> clips)
    {
        var labeled = clips.Count(clip => clip.Label is not null);
        var unknown = clips.Count(clip => clip is { Label: not null, Speaker: null });
        if (unknown > 0)
            throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.TestSpeakers}: {unknown} of {labeled} clips have no speaker; add a speaker column to "
                        + $"the manifest and extract the features again"
                )
            );
    }

    // The speakers of a session stay together, if there are several sessions.
    private static HashSet<string> DrawValidation(
        IReadOnlyList<SplitClip> clips,
        HashSet<string> test,
        SpeakerLists lists,
        Func<uint, ulong, uint> randomBelow
    )
    {
        SplitClip[] others =
        [
            .. clips.Select(clip =>
                clip.Speaker is { } speaker && test.Contains(speaker) ? clip with { Label = null } : clip
            ),
        ];
        var speakers = others.Where(clip => clip.Label is not null).Select(clip => clip.Speaker).Distinct().Count();
        if (speakers < 2)
            throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.TestSpeakers} leaves {speakers} speakers, expected at least 2 (one for validation, "
                        + $"the rest for training); name fewer"
                )
            );
        var units = SplitUnits.Create(others, random: false, min: 2).Units;
        var train = lists.HasNoTest ? 0.85 : TrainFraction;
        var assigned = StratifiedAssignment.Assign(others, units, [train, 1 - train], randomBelow);
        return [.. others.Where((_, clip) => assigned[clip] == 1).Select(clip => clip.Speaker!)];
    }
}
