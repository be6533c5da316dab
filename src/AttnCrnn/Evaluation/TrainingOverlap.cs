namespace AttnCrnn.Evaluation;

/// <summary>
/// Which of the clips that a user gave a model has seen: a clip with equal samples or of equal path and segment.
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
    /// Number of speakers of the clips, by name, that are in the training or validation set of a model.
    /// </summary>
    public int SharedSpeakers { get; init; }

    /// <summary>Whether every clip, also of the training and validation sets, has a speaker.</summary>
    public bool AllHaveSpeakers { get; init; }

    /// <summary>Name of one of <see cref="TrainingClips"/>; null if there are none.</summary>
    public string? Example { get; init; }

    /// <summary>Why the training clips of a model are not known; null: they are.</summary>
    public string? Unknown { get; init; }

    /// <summary>Whether no clip and no speaker is one of the training or validation sets.</summary>
    public bool SpeakersDisjoint =>
        Unknown is null && AllHaveSpeakers && TrainingClips + ValidationClips + SharedSpeakers == 0;
}
