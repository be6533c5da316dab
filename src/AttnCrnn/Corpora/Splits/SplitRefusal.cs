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

    /// <summary>The error of a split by a manifest that does not assign every labeled clip.</summary>
    public static InvalidInputException CreateIncompleteManifest(IReadOnlyList<SplitClip> clips)
    {
        var labeled = clips.Where(clip => clip.Label is not null).ToList();
        return new(
            OptionText.Create(
                $"{OptionKeys.Split} manifest: {labeled.Count(clip => clip.AssignedSubset is null)} of {labeled.Count} "
                    + $"clips have no subset; complete the manifest's column split and extract the features again, or "
                    + $"omit {OptionKeys.Split}"
            )
        );
    }

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

    private static string Remedy(SplitUnits units) =>
        units.Reason == ClipSplitReason.ClipsWithoutSpeaker
            ? "add a speaker column to the manifest and extract the features again"
            : "add clips of more speakers";
}
