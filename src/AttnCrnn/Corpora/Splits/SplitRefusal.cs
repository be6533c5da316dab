using AttnCrnn.Options;

namespace AttnCrnn.Corpora.Splits;

/// <summary>
/// Errors of splits by speaker that the named speakers cannot give: what was asked for, and what is possible.
/// </summary>
internal static class SplitRefusal
{
    /// <summary>The error of a train/validation/test split by speaker.</summary>
    public static InvalidInputException Create(SplitUnits units) =>
        new(
            OptionText.Create(
                $"{OptionKeys.Split} speaker: {DescribeSpeakers(units)}; {Remedy(units)}, or omit {OptionKeys.Split}, "
                    + $"which assigns clips and may overestimate performance (speaker leakage)"
            )
        );

    /// <summary>The error of a split by a manifest that assigns no labeled clip.</summary>
    public static InvalidInputException CreateMissingManifest(IReadOnlyList<SplitClip> clips) =>
        new(
            OptionText.Create(
                $"{OptionKeys.Split} manifest: none of {clips.Count(clip => clip.Label is not null)} clips has a "
                    + $"subset; fill the manifest's column split and extract the features again, or omit "
                    + $"{OptionKeys.Split}"
            )
        );

    /// <summary>The error of a manifest without training or validation clips.</summary>
    public static InvalidInputException CreateEmptySubset(SplitFacts facts, IReadOnlyList<SplitClip> clips)
    {
        string[] unassigned =
        [
            .. clips
                .Where(clip => clip.Label is not null && clip.AssignedSubset is null)
                .Select(clip => clip.Key.TrimEnd('|')),
        ];
        var missing = facts.Train.Clips == 0 ? "training (train)" : "validation (val)";
        return new(
            OptionText.Create(
                $"the manifest has no {missing} rows: its column split has {facts.Train.Clips} train, "
                    + $"{facts.Validation.Clips} val and {facts.Test.Clips} test clips"
                    + $"{DescribeUnassigned(unassigned)}; give some speakers the missing "
                    + $"subset and extract the features again, or use {OptionKeys.Folds}, which does not need a split"
            )
        );
    }

    /// <summary>The error of an evaluation without test clips.</summary>
    /// <param name="unassigned">The clips that have no subset while others have one; empty if there are none.</param>
    public static InvalidInputException CreateMissingTest(IReadOnlyList<string> unassigned) =>
        new(
            OptionText.Create(
                $"the split has no test set{DescribeUnassigned(unassigned)}: give some speakers the subset test in the "
                    + $"manifest and extract the features again, or use "
                    + $"{OptionKeys.TrainOnly} to train without an evaluation"
            )
        );

    /// <summary>The error of an evaluation of a run whose options leave no test speakers.</summary>
    public static InvalidInputException CreateMissingTestSpeakers() =>
        new(
            OptionText.Create(
                $"the run has no test set ({OptionKeys.TestSpeakers} none): evaluate it on other clips with "
                    + $"{OptionKeys.DataFolders}"
            )
        );

    /// <summary>The error of folds by speaker.</summary>
    public static InvalidInputException Create(FoldCount folds, SplitUnits units) =>
        new(
            units.Reason == ClipSplitReason.TooFewSpeakers && units.NamedSpeakers >= FoldCount.Min
                ? OptionText.Create(
                    $"{OptionKeys.Folds} {folds}: {units.NamedSpeakers} speakers are named, expected at least one per "
                        + $"fold; use at most {units.NamedSpeakers} folds, or {OptionKeys.Folds} {FoldCount.Speakers} "
                        + $"(leave one speaker out)"
                )
                : OptionText.Create(
                    $"{OptionKeys.Folds} {folds}: {DescribeSpeakers(units)}; {Remedy(units)}, or use "
                        + $"{OptionKeys.Split} random, which assigns clips and overestimates performance "
                        + $"(speaker leakage)"
                )
        );

    private static string DescribeSpeakers(SplitUnits units) =>
        units.Reason == ClipSplitReason.ClipsWithoutSpeaker
            ? $"{units.ClipsWithoutSpeaker} of {units.Clips} clips have no speaker, and the others have "
                + $"{units.NamedSpeakers} speakers; expected a speaker for each clip"
            : $"{units.NamedSpeakers} speakers are named, expected at least {FoldCount.Min} (one for test, one for "
                + "validation, the rest for training)";

    private static string DescribeUnassigned(IReadOnlyList<string> clips) =>
        clips.Count == 0
            ? ""
            : $", and {clips.Count} clips have no subset ({ShortList.Format(clips, max: 5, "others")})";

    private static string Remedy(SplitUnits units) =>
        units.Reason == ClipSplitReason.ClipsWithoutSpeaker
            ? "add a speaker column to the manifest and extract the features again"
            : "add clips of more speakers";
}
