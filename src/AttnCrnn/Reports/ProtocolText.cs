using AttnCrnn.Corpora.Splits;
using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports;

/// <summary>
/// The sentences about splits and evaluation protocols in reports, in metrics.json and on the console.
/// </summary>
public static class ProtocolText
{
    private const string LeakagePossible = "the metrics may overestimate performance (speaker leakage)";
    internal const string Leakage = "the metrics overestimate performance (speaker leakage)";

    /// <summary>
    /// How the evaluated clips were separated from the training clips, and how often they were evaluated.
    /// </summary>
    public static string Describe(EvaluationProtocol protocol) =>
        protocol.Stored is { } stored ? stored.Description
        : protocol.TestSet is { } usage ? $"{DescribeSeparation(protocol)} {TestSetUsageText.Describe(usage)}"
        : DescribeSeparation(protocol);

    private static string DescribeSeparation(EvaluationProtocol protocol)
    {
        if (protocol.TrainedCorpora.Count > 0)
            return $"The model was trained on {string.Join(", ", protocol.TrainedCorpora)}, as its authors say, and "
                + "the clips are of it: the metrics overestimate performance on other speech.";
        if (protocol.Split is not { } split)
            return $"The clips were given by the user. {TrainingOverlapText.Describe(protocol)}"
                + DescribeRepeated(protocol.RepeatedClips)
                + (protocol.UnfinishedTrainings > 0 ? $" {DescribeUnfinished(protocol)}" : "");
        List<string> sentences = [Describe(split)];
        if (protocol.WarmStart is { } model)
            sentences.Add(TrainingOverlapText.DescribeStart(model, protocol.InitialOverlap));
        if (protocol.TrainedFolds.Count < split.Folds)
            sentences.Add($"Only {protocol.TrainedFolds.Count} of {split.Folds} folds are trained so far.");
        if (protocol.UnfinishedTrainings > 0)
            sentences.Add(DescribeUnfinished(protocol));
        sentences.AddRange(LeakText.Describe(protocol));
        return string.Join(' ', sentences);
    }

    /// <summary>The method, speaker leakage, and the clips and speakers of each subset.</summary>
    public static string Describe(SplitFacts split)
    {
        var prefix = split.Folds > 0 ? "Approximate size per fold" : "Size";
        return $"{DescribeMethod(split)} {DescribeLeakage(split)}{DescribeExcluded(split)} "
            + $"{prefix}: train {DescribeSize(split.Train)}, validation {DescribeSize(split.Validation)}, "
            + $"test {DescribeSize(split.Test)}.";
    }

    private static string DescribeUnfinished(EvaluationProtocol protocol) =>
        protocol.TrainedFolds.Count > 0
            ? $"The training of {protocol.UnfinishedTrainings} of {protocol.TrainedFolds.Count} evaluated folds had "
                + "not ended: later epochs may be better."
        : protocol.Overlap is { Models: > 1 and var models }
            ? $"The training of {protocol.UnfinishedTrainings} of {models} models had not ended: later epochs may be "
                + "better."
        : "The training had not ended: later epochs may be better.";

    private static string DescribeMethod(SplitFacts split) =>
        split.Kind switch
        {
            SplitKind.Speaker when split.LeavesOneSpeakerOut =>
                $"Leave-one-speaker-out cross-validation with {split.Folds} folds: each speaker is tested by a model "
                    + "trained and validated on the others.",
            SplitKind.Speaker when split.EmoBoxCorpus is { } corpus =>
                $"The {split.Folds} folds are those of EmoBox for {corpus}; each is tested by a model that was "
                    + "validated on the next fold and trained on the others.",
            SplitKind.Speaker when split.Folds > 0 && split.Sessions > 0 =>
                $"Speakers were assigned to {split.Folds} folds, those of a session together "
                    + $"({split.Sessions} sessions); each fold is tested by a model trained and validated on the "
                    + "others.",
            SplitKind.Speaker when split.Sessions > 0 =>
                "Speakers were assigned to train, validation and test sets (70/15/15), those of a session together "
                    + $"({split.Sessions} sessions).",
            SplitKind.Speaker when split.Folds > 0 =>
                $"Speakers were assigned to {split.Folds} folds; each fold is tested by a model trained and validated "
                    + "on the others.",
            SplitKind.Speaker => "Speakers were assigned to train, validation and test sets (70/15/15).",
            SplitKind.SpeakerList when split.Test.Clips == 0 && split.DrawsValidation =>
                "There is no test set; validation speakers were drawn, with 15% of the clips.",
            SplitKind.SpeakerList when split.Test.Clips == 0 =>
                "There is no test set; the validation speakers were named.",
            SplitKind.SpeakerList when split.DrawsValidation =>
                "The test speakers were named; the validation speakers were drawn from the others.",
            SplitKind.SpeakerList => "The test and validation speakers were named.",
            SplitKind.Random when split.NamedSpeakers == 0 => "No clip has a speaker, so clips were assigned.",
            SplitKind.Random => "Clips were assigned at random, regardless of speakers.",
            SplitKind.Manifest => "The split is that of the manifest or of the corpus.",
            _ => $"{DescribeReason(split)}, so clips were assigned, not speakers.",
        };

    private static string DescribeExcluded(SplitFacts split)
    {
        var withoutSubset = split.ClipsWithoutSubset;
        var noSubset = withoutSubset == 0 ? "" : $" Left out: {FormatClips(withoutSubset)} without a subset.";
        var noSpeaker = split.LeftOutWithoutSpeaker;
        if (noSpeaker > 0)
            noSubset += $" Left out: {FormatClips(noSpeaker)} without a speaker.";
        return noSubset + DescribeRepeated(split.RepeatedClips);
    }

    private static string DescribeRepeated(int clips) =>
        clips == 0 ? "" : $" Left out: {FormatClips(clips)} with the samples of another.";

    private static string DescribeReason(SplitFacts split) =>
        split.Reason == ClipSplitReason.TooFewSpeakers
            ? $"Too few speakers are named ({split.NamedSpeakers}, expected at least "
                + $"{Math.Max(split.Folds, FoldCount.Min)})"
        : split.NamedSpeakers == 0 ? "No clip has a speaker"
        : $"{split.ClipsWithoutSpeaker} of {split.Clips} clips have no speaker";

    private static string DescribeLeakage(SplitFacts split) =>
        split.SpeakersDisjoint ? "No speaker is in more than one subset." + DescribeSharedSessions(split)
        : split.ClipsWithoutSpeaker == 0
            ? $"{split.SharedSpeakers} "
                + $"{(split.SharedSpeakers == 1 ? "speaker is" : "speakers are")} in more than one subset: {Leakage}."
        : $"Not every clip has a speaker: {LeakagePossible}.";

    private static string DescribeSharedSessions(SplitFacts split) =>
        split.SharedSessions == 0
            ? ""
            : $" {split.SharedSessions} {(split.SharedSessions == 1 ? "session is" : "sessions are")} in more than one "
                + $"subset: the speakers of a session answer each other, and {LeakagePossible}.";

    private static string DescribeSize(SubsetSize size)
    {
        var clips = FormatClips(size.Clips);
        var speakers = size.Speakers == 1 ? "speaker" : "speakers";
        return size.Speakers == 0 ? clips : $"{clips} of {size.Speakers} {speakers}";
    }

    private static string FormatClips(int count) => $"{count} {(count == 1 ? "clip" : "clips")}";
}
