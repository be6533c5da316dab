using System.Globalization;
using AttnCrnn.Audio;
using AttnCrnn.Corpora.Splits;

namespace AttnCrnn.Corpora;

/// <summary>A recording or a segment of it, with its metadata.</summary>
/// <param name="Path">Absolute path of the audio file.</param>
/// <param name="Label">
/// Emotion label of the corpus; null for a clip that can be extracted and predicted, but not trained on.
/// </param>
/// <param name="Speaker">
/// Speaker, unique over corpora (<c>ravdess_01</c>); null if unknown. Splits keep the clips of a speaker together.
/// </param>
/// <param name="Split">Subset assigned by a manifest, or null.</param>
/// <param name="StartSeconds">Start of the segment; null for the beginning of the file.</param>
/// <param name="EndSeconds">End of the segment; null for the end of the file.</param>
public sealed record Clip(
    string Path,
    string? Label,
    string? Speaker,
    Subset? Split = null,
    double? StartSeconds = null,
    double? EndSeconds = null
)
{
    /// <summary>
    /// The channel that the corpus assigns to the clip; null: that of the options, by default the mean.
    /// </summary>
    public AudioChannel? Channel { get; init; }

    /// <summary>
    /// Sex of the speaker, <c>female</c> or <c>male</c>, or another word of the corpus; null if unknown.
    /// </summary>
    public string? Sex { get; init; }

    /// <summary>
    /// Recording session, unique over corpora (<c>iemocap_Ses01</c>), in which several speakers answer each other; null
    /// if unknown. Splits by speaker keep the speakers of a session together.
    /// </summary>
    public string? Session { get; init; }

    /// <summary>Votes of several raters, from which soft targets are made; null if there is only a label.</summary>
    public LabelVotes? Votes { get; init; }

    /// <summary>What is read of the recording.</summary>
    /// <param name="channel">The channel if the clip has none of its own.</param>
    public AudioReadOptions CreateReadOptions(AudioChannel channel = default) =>
        new()
        {
            Channel = Channel ?? channel,
            StartSeconds = StartSeconds,
            EndSeconds = EndSeconds,
        };

    /// <summary>
    /// Which part of the recording it is, for messages after its path, as in <c>from 1.5 to 3 s: </c>; empty for a
    /// whole one, whose path is enough.
    /// </summary>
    internal string SegmentText =>
        (StartSeconds, EndSeconds) switch
        {
            (null, null) => "",
            ({ } start, null) => string.Create(CultureInfo.InvariantCulture, $"from {start:0.###} s: "),
            (null, { } end) => string.Create(CultureInfo.InvariantCulture, $"up to {end:0.###} s: "),
            ({ } start, { } end) => string.Create(
                CultureInfo.InvariantCulture,
                $"from {start:0.###} to {end:0.###} s: "
            ),
        };

    /// <summary>Identity of the clip: its recording, segment and channel.</summary>
    internal (string, double?, double?, AudioChannel?) Identity => (Path, StartSeconds, EndSeconds, Channel);
}
