namespace AttnCrnn.Features;

/// <summary>A message about one clip.</summary>
/// <param name="Path">Path of the recording.</param>
/// <param name="Message">The problem and its remedy.</param>
public sealed record ClipWarning(string Path, OptionText Message)
{
    /// <summary>The kind of warning, as in <see cref="Formats.RecordingWarning"/>; empty for an error.</summary>
    public string Name { get; init; } = "";
}

/// <summary>Result of an extraction.</summary>
/// <param name="Requested">Clips of this run: all, or its partition.</param>
/// <param name="Written">Clips written: new frames, or new metadata for existing frames.</param>
/// <param name="AlreadyStored">Clips that the store already had, with the same metadata.</param>
/// <param name="Errors">Invalid clips, which have no frames, in the order of the clips.</param>
/// <param name="Warnings">Warnings about clips that were extracted, in the order of the clips.</param>
/// <param name="SecondsOfAudio">Duration of the clips written and already stored.</param>
/// <param name="Frames">Number of frames computed by this run.</param>
/// <param name="Elapsed">Time from the first clip to the last.</param>
/// <param name="EncoderTimeFraction">
/// Fraction of the threads' time spent in the encoder, 0 to 1; the rest is reading, decoding, resampling, waiting and
/// writing.
/// </param>
public sealed record ExtractionReport(
    int Requested,
    int Written,
    int AlreadyStored,
    IReadOnlyList<ClipWarning> Errors,
    IReadOnlyList<ClipWarning> Warnings,
    double SecondsOfAudio,
    long Frames,
    TimeSpan Elapsed,
    double EncoderTimeFraction
)
{
    /// <summary>
    /// Clips that an earlier version stored without an audit: their recordings were read again, and their frames kept.
    /// </summary>
    public int AuditedAgain { get; init; }

    /// <summary>Clips of the store that the sources of this run do not name.</summary>
    public int UnnamedClips { get; init; }

    /// <summary>
    /// Those of <see cref="UnnamedClips"/> that no source names any more: their frames stay, and they are not used.
    /// </summary>
    public int ClipsWithoutSource { get; init; }

    /// <summary>
    /// Clips with another label, speaker or subset than at the last extraction of the same source, which it replaces.
    /// </summary>
    public int ChangedClips { get; init; }

    /// <summary>
    /// Recordings that the sources name and that do not exist at the moment, one per clip: the frames that the store
    /// has of them are kept. Without frames, the clip is among <see cref="Errors"/>.
    /// </summary>
    public IReadOnlyList<string> MissingRecordings { get; init; } = [];

    /// <summary>
    /// Values that two sources of the store give a clip, so that the store cannot be used for training; one sentence
    /// for each kind.
    /// </summary>
    public IReadOnlyList<OptionText> Contradictions { get; init; } = [];

    /// <summary>
    /// Clips of the store with equal samples and different labels, or in different subsets, with which a training fails
    /// unless its options make them equal; one sentence for each kind.
    /// </summary>
    public IReadOnlyList<OptionText> EqualRecordings { get; init; } = [];

    /// <summary>
    /// Pairs of near duplicates among all clips of the store, with an example; null if there are none.
    /// </summary>
    public OptionText? NearDuplicates { get; init; }

    /// <summary>
    /// Clips of the store that equal another except for silence at their ends, with an example; null if there are none.
    /// </summary>
    public OptionText? TrimmedDuplicates { get; init; }

    /// <summary>Speakers of the store in two subsets of a manifest, with an example; null if there are none.</summary>
    public OptionText? SharedSpeakers { get; init; }

    /// <summary>
    /// Corpora of the store, and classes of a corpus, that differ in bandwidth; one sentence each.
    /// </summary>
    public IReadOnlyList<OptionText> BandwidthDifferences { get; init; } = [];

    /// <summary>What was removed from the store; null if that was not asked for.</summary>
    public PruningReport? Pruning { get; init; }
}

/// <summary>Result of the removal of clips from a store.</summary>
/// <param name="Clips">Clips that were removed.</param>
/// <param name="Files">Files of frames that were deleted or replaced.</param>
public sealed record PruningReport(int Clips, int Files);

/// <summary>Progress of an extraction.</summary>
/// <param name="Processed">Clips processed so far, valid or not.</param>
/// <param name="Total">Number of clips to process.</param>
/// <param name="Invalid">Invalid clips so far.</param>
/// <param name="SecondsOfAudio">Duration of the valid clips so far.</param>
/// <param name="Elapsed">Time since the start.</param>
public sealed record ExtractionProgress(int Processed, int Total, int Invalid, double SecondsOfAudio, TimeSpan Elapsed)
{
    /// <summary>Seconds of audio per second, 0 at the start.</summary>
    public double Rate => Elapsed > TimeSpan.Zero ? SecondsOfAudio / Elapsed.TotalSeconds : 0;
}
