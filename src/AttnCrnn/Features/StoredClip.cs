using AttnCrnn.Audio;
using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Corpora.Splits;

namespace AttnCrnn.Features;

/// <summary>A clip with stored frames.</summary>
/// <param name="Key">
/// Hash of samples, encoder and precision, 64 hexadecimal digits: clips with equal keys have equal frames. For imported
/// .npz files, a hash of the frames.
/// </param>
/// <param name="Path">Absolute path of the recording at extraction; for imported .npz files, their path.</param>
/// <param name="Label">Label of the corpus, before any <c>--map</c>; null if unknown.</param>
/// <param name="Speaker">Speaker; null if unknown.</param>
/// <param name="Split">Subset assigned by a manifest.</param>
/// <param name="StartSeconds">Start of the clip in the recording; null for the beginning.</param>
/// <param name="EndSeconds">End of the clip in the recording; null for the end.</param>
/// <param name="Frames">Number of frames, at least 4.</param>
/// <param name="Seconds">Duration of the clip; 0 if the frame rate is unknown.</param>
/// <param name="File">File with the frames: a shard, or the clip's .npz file.</param>
public sealed record StoredClip(
    string Key,
    string Path,
    string? Label,
    string? Speaker,
    Subset? Split,
    double? StartSeconds,
    double? EndSeconds,
    int Frames,
    double Seconds,
    string File
)
{
    /// <summary>
    /// Sex of the speaker, <c>female</c> or <c>male</c>, or another word of the corpus; null if unknown.
    /// </summary>
    public string? Sex { get; init; }

    /// <summary>Recording session, as <see cref="Clip.Session"/>; null if unknown.</summary>
    public string? Session { get; init; }

    /// <summary>The channel that the corpus assigns to the clip; null: none.</summary>
    public AudioChannel? Channel { get; init; }

    /// <summary>The channel that was extracted: that of the clip, or of the extraction's options.</summary>
    internal AudioChannel ExtractedChannel { get; init; }

    /// <summary>Votes of several raters; null if there is only a label.</summary>
    public LabelVotes? Votes { get; init; }

    /// <summary>What the audit measured at extraction; null if the clip was not audited.</summary>
    internal ClipAudit? Audit { get; init; }

    /// <summary>Path of a source that names the clip; null if none is recorded.</summary>
    internal string? Source { get; init; }

    /// <summary>Its fingerprint; null if the clip was not audited, or has none.</summary>
    internal RecordingFingerprint? Fingerprint =>
        Audit is { Fingerprint.Length: > 0 } ? RecordingFingerprint.Parse(Audit.Fingerprint) : null;

    /// <summary>Path, and segment if the clip is one, for messages.</summary>
    internal string Name => ClipName.Format(Path, StartSeconds, EndSeconds);
}
