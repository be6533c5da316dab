namespace AttnCrnn.Evaluation;

/// <summary>
/// Which of the evaluated clips a model has seen: a clip with equal samples, of equal path and segment, or with nearly
/// the same sound.
/// </summary>
public sealed record TrainingOverlap
{
    /// <summary>Number of evaluated models.</summary>
    public required int Models { get; init; }

    /// <summary>Number of the clips that are in the training set of a model.</summary>
    public int TrainingClips { get; init; }

    /// <summary>
    /// Number of the other clips that are in a validation set, which selected the epoch and the temperature.
    /// </summary>
    public int ValidationClips { get; init; }

    /// <summary>
    /// Number of the remaining clips with nearly the same sound as one of a training or validation set, such as a copy
    /// that was encoded again; null: not looked for, since the features of the training are not at hand, or clips were
    /// not audited.
    /// </summary>
    public int? NearCopies { get; init; }

    /// <summary>
    /// Names of the known corpora of the training and validation sets, sorted; empty if that is not known, or other
    /// recordings are among them.
    /// </summary>
    public IReadOnlyList<string> TrainingCorpora { get; init; } = [];

    /// <summary>
    /// Names of the known corpora of the evaluated clips, sorted; empty if other recordings are among them.
    /// </summary>
    public IReadOnlyList<string> EvaluatedCorpora { get; init; } = [];

    /// <summary>
    /// Number of speakers of the clips, by name, that are in the training or validation set of a model.
    /// </summary>
    public int SharedSpeakers { get; init; }

    /// <summary>Whether every clip, also of the training and validation sets, has a speaker.</summary>
    public bool AllHaveSpeakers { get; init; }

    /// <summary>
    /// Name of a clip that a model has seen, one of <see cref="TrainingClips"/> if there are any; null: none.
    /// </summary>
    public string? Example { get; init; }

    /// <summary>Why the training clips of a model are not known; null: they are.</summary>
    public string? Unknown { get; init; }

    /// <summary>Whether no clip and no speaker is one of the training or validation sets.</summary>
    public bool SpeakersDisjoint => Unknown is null && AllHaveSpeakers && SeenClips + SharedSpeakers == 0;

    /// <summary>Whether the models were trained on known corpora, and evaluated on others.</summary>
    public bool IsCrossCorpus =>
        SpeakersDisjoint
        && TrainingCorpora.Count > 0
        && EvaluatedCorpora.Count > 0
        && !TrainingCorpora.Intersect(EvaluatedCorpora).Any();

    /// <summary>Number of clips that a model has seen, as they are or as a copy.</summary>
    internal int SeenClips => TrainingClips + ValidationClips + (NearCopies ?? 0);
}
