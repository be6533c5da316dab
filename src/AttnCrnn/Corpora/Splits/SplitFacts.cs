namespace AttnCrnn.Corpora.Splits;

/// <summary>Facts about a split, from which reports write their sentences.</summary>
public sealed record SplitFacts
{
    /// <summary>How the clips were split.</summary>
    public required SplitKind Kind { get; init; }

    /// <summary>Why clips were assigned and not speakers; null unless <see cref="Kind"/> is Clip.</summary>
    public ClipSplitReason? Reason { get; init; }

    /// <summary>
    /// Number of recording sessions whose speakers were kept together; 0 if the speakers were assigned one by one.
    /// </summary>
    public int Sessions { get; init; }

    /// <summary>Number of recording sessions that are in more than one subset.</summary>
    public int SharedSessions { get; init; }

    /// <summary>Number of folds of the cross-validation; 0 without.</summary>
    public int Folds { get; init; }

    /// <summary>Whether each fold tests a single speaker (leave one speaker out).</summary>
    public bool LeavesOneSpeakerOut { get; init; }

    /// <summary>The corpus whose folds of EmoBox these are; null for other splits.</summary>
    public string? EmoBoxCorpus { get; init; }

    /// <summary>
    /// Whether the validation speakers were drawn, because only those of the test set were named; false unless
    /// <see cref="Kind"/> is SpeakerList.
    /// </summary>
    public bool DrawsValidation { get; init; }

    /// <summary>
    /// Number of labeled clips that are in no subset, because the manifest gives them none; 0 unless
    /// <see cref="Kind"/> is Manifest.
    /// </summary>
    public int ClipsWithoutSubset { get; init; }

    /// <summary>
    /// Number of labeled clips that are left out of a split by speaker because they have no speaker: at most 5%.
    /// </summary>
    public int LeftOutWithoutSpeaker { get; init; }

    /// <summary>Number of labeled clips that are left out because another clip has the same samples.</summary>
    public int RepeatedClips { get; init; }

    /// <summary>Number of speakers of the split's clips.</summary>
    public required int NamedSpeakers { get; init; }

    /// <summary>Number of the split's clips that have no speaker.</summary>
    public required int ClipsWithoutSpeaker { get; init; }

    /// <summary>Number of speakers in more than one subset.</summary>
    public required int SharedSpeakers { get; init; }

    /// <summary>Size of the training set.</summary>
    public required SubsetSize Train { get; init; }

    /// <summary>Size of the validation set.</summary>
    public required SubsetSize Validation { get; init; }

    /// <summary>Size of the test set.</summary>
    public required SubsetSize Test { get; init; }

    /// <summary>Number of clips of all subsets.</summary>
    public int Clips => Train.Clips + Validation.Clips + Test.Clips;

    /// <summary>
    /// Whether every clip of the split has a speaker and no speaker is in two subsets. Otherwise metrics may
    /// overestimate performance on unseen speakers (speaker leakage).
    /// </summary>
    public bool SpeakersDisjoint => Clips > 0 && ClipsWithoutSpeaker == 0 && SharedSpeakers == 0;

    /// <summary>The facts of a split without folds.</summary>
    /// <param name="clips">All clips.</param>
    /// <param name="subsets">[clips], null for a clip that is excluded.</param>
    internal static SplitFacts Create(IReadOnlyList<SplitClip> clips, IReadOnlyList<Subset?> subsets, SplitKind kind)
    {
        int[] selected = [.. Enumerable.Range(0, clips.Count).Where(i => subsets[i] is not null)];
        var speakers = selected
            .Where(i => clips[i].Speaker is not null)
            .ToLookup(i => clips[i].Speaker, i => subsets[i]);
        var sessions = selected
            .Where(i => clips[i].Session is not null)
            .ToLookup(i => clips[i].Session, i => subsets[i]);
        SubsetSize Measure(Subset subset) =>
            new(
                selected.Count(i => subsets[i] == subset),
                speakers.Count(subsetsOfSpeaker => subsetsOfSpeaker.Contains(subset))
            );
        return new()
        {
            Kind = kind,
            ClipsWithoutSubset =
                kind == SplitKind.Manifest
                    ? Enumerable.Range(0, clips.Count).Count(i => clips[i].Label is not null && subsets[i] is null)
                    : 0,
            NamedSpeakers = speakers.Count,
            ClipsWithoutSpeaker = selected.Count(i => clips[i].Speaker is null),
            SharedSpeakers = speakers.Count(subsetsOfSpeaker => subsetsOfSpeaker.Distinct().Skip(1).Any()),
            SharedSessions = sessions.Count(subsetsOfSession => subsetsOfSession.Distinct().Skip(1).Any()),
            Train = Measure(Subset.Train),
            Validation = Measure(Subset.Validation),
            Test = Measure(Subset.Test),
        };
    }
}
