using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Corpora.Splits;

namespace AttnCrnn.Evaluation;

/// <summary>
/// Facts about how the evaluated clips were separated from the training clips, from which reports write their
/// sentences.
/// </summary>
public sealed record EvaluationProtocol
{
    /// <summary>The split, of the first fold with cross-validation; null for clips that the user selected.</summary>
    public SplitFacts? Split { get; init; }

    /// <summary>
    /// The split of an evaluation that is read back, in place of <see cref="Split"/>; null for one of this process.
    /// </summary>
    public StoredSplit? Stored { get; init; }

    /// <summary>Whether no speaker is in more than one subset of any fold, and every clip has a speaker.</summary>
    public required bool SpeakersDisjoint { get; init; }

    /// <summary>
    /// Numbers of the folds whose models are evaluated, ascending from 1; empty without cross-validation.
    /// </summary>
    public IReadOnlyList<int> TrainedFolds { get; init; } = [];

    /// <summary>
    /// Number of evaluated models whose training had not ended: it was interrupted, or was still running.
    /// </summary>
    public int UnfinishedTrainings { get; init; }

    /// <summary>
    /// Number of labeled clips that the user gave and that are left out: they have the samples of another.
    /// </summary>
    public int RepeatedClips { get; init; }

    /// <summary>
    /// Classes of which the training set of an evaluated model had no clips, sorted; empty if that is not known.
    /// </summary>
    public IReadOnlyList<string> ClassesWithoutTrainingClips { get; init; } = [];

    /// <summary>
    /// Classes of which the validation set of an evaluated model had no clips, in the order of the labels; empty if
    /// that is not known.
    /// </summary>
    public IReadOnlyList<string> ClassesWithoutValidationClips { get; init; } = [];

    /// <summary>What is in two subsets of the split and makes the metrics overestimate performance.</summary>
    public IReadOnlyList<Leak> Leaks { get; init; } = [];

    /// <summary>
    /// Number of clips of the split that were extracted without an audit, in which no leaks are looked for.
    /// </summary>
    public int UnauditedClips { get; init; }

    /// <summary>What the audit found in the clips of the split, by name.</summary>
    public IReadOnlyList<FindingCount> Findings { get; init; } = [];

    /// <summary>Name of the model file whose weights training started from; null for random initialization.</summary>
    public string? WarmStart { get; init; }

    /// <summary>
    /// Which of the test clips the model that training started from has seen; null for random initialization, and for
    /// clips that the user gave.
    /// </summary>
    public TrainingOverlap? InitialOverlap { get; init; }

    /// <summary>
    /// Corpora of the evaluated clips on which the model was trained, as far as its authors say; otherwise empty.
    /// </summary>
    public IReadOnlyList<string> TrainedCorpora { get; init; } = [];

    /// <summary>How often these clips were evaluated; null if that is not counted.</summary>
    public TestSetUsage? TestSet { get; init; }

    /// <summary>
    /// Which of the clips that the user gave the models have seen; null for a test set, and for a published classifier.
    /// </summary>
    public TrainingOverlap? Overlap { get; init; }

    /// <summary>The labels of clips that the user gave; null for the test set of a run.</summary>
    public LabelMap? LabelMap { get; init; }

    /// <summary>Whether any clip is synthetic, so that metrics are not valid for real speech.</summary>
    public bool Synthetic { get; init; }

    /// <summary>
    /// Speaker normalization of the evaluated clips; null without speaker normalization.
    /// </summary>
    public SpeakerNormalizationReport? SpeakerNormalization { get; init; }

    /// <summary>Whether a split separates the evaluated clips from the training clips.</summary>
    internal bool SeparatesClips => Kind is not null;

    /// <summary>How the clips were split, here or in the evaluation that is read; null: selected by the user.</summary>
    internal SplitKind? Kind => Split?.Kind ?? Stored?.Kind;

    /// <summary>Number of folds of the cross-validation, trained or not; 0 without.</summary>
    internal int Folds => Split?.Folds ?? Stored?.Folds ?? 0;

    /// <summary>Whether each fold tests a single speaker.</summary>
    internal bool LeavesOneSpeakerOut => Split?.LeavesOneSpeakerOut ?? Stored?.LeavesOneSpeakerOut ?? false;

    /// <summary>
    /// Whether the model is known not to have been trained on the evaluated speakers: no speaker is in two subsets, no
    /// leak was allowed, and the initial weights are random, or of a model that was not trained on them either.
    /// </summary>
    internal bool IsSpeakerIndependent =>
        SeparatesClips && SpeakersDisjoint && Leaks.Count == 0 && !HasUnknownStart && TrainedCorpora.Count == 0;

    /// <summary>
    /// Whether the split separates speakers, and the initial model was trained on some of them, or may have been.
    /// </summary>
    internal bool HasUnknownStart =>
        SeparatesClips
        && SpeakersDisjoint
        && WarmStart is not null
        && InitialOverlap is not { SpeakersDisjoint: true, NearCopies: not null };
}
