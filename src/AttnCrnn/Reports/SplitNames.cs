namespace AttnCrnn.Reports;

/// <summary>The split of an evaluation in a few words, for tables and single sentences.</summary>
public static class SplitNames
{
    /// <summary>As in <c>5 folds by speaker</c>; says so if speakers are, or may be, in several subsets, if the
    /// models know test clips, and if trainings had not ended.</summary>
    /// <param name="folds">Number of evaluated folds; 0 without cross-validation.</param>
    public static string Describe(SplitSummary split, int folds)
    {
        ArgumentNullException.ThrowIfNull(split);
        var prefix = folds > 0 ? $"{CountFolds(split, folds)} " : "";
        var name = split.Method switch
        {
            "speaker" => $"{prefix}by speaker",
            "clips" => $"{prefix}by clip",
            "random" => $"{prefix}at random",
            "speaker_list" => "named speakers",
            "manifest" => "manifest or corpus",
            SplitMethodNames.GivenClips => "given clips",
            var other => prefix + other.Replace('_', ' '), // of a later version
        };
        // Of given clips nothing is known about the training speakers.
        var speakers = split.SpeakersDisjoint || split.Method == SplitMethodNames.GivenClips ? "" : ", shared speakers";
        var clips = split.HasKnownClips ? ", known test clips" : "";
        return $"{name}{speakers}{clips}{(split.IsUnfinished ? ", training not finished" : "")}";
    }

    private static string CountFolds(SplitSummary split, int folds) =>
        split.Folds > folds
            ? FormattableString.Invariant($"{folds} of {split.Folds} folds")
            : FormattableString.Invariant($"{folds} {(folds == 1 ? "fold" : "folds")}");
}
