using System.Globalization;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Encoders.Transformers.Whisper;

namespace AttnCrnn.Encoders;

/// <summary>What made frames. Frames fit together, and into a model, where their descriptions are equal.</summary>
/// <param name="Name">As on the command line, as in <c>log-mel</c>.</param>
/// <param name="Revision">Changes whenever the same samples would give other frames: a version of our arithmetic, or a
/// checkpoint's commit.</param>
/// <param name="Layers">The layers as asked for (<c>7</c>, <c>4-8</c>, <c>all</c>, <c>last</c>); empty where the
/// encoder has none.</param>
/// <param name="FramesPerSecond">0 where nobody knows: frames that others saved without saying so.</param>
/// <param name="Width">Numbers a frame and layer.</param>
/// <param name="LayerCount">Layers kept side by side, 1 but for <c>--layers all</c>.</param>
public sealed record EncoderDescription(
    string Name,
    string Revision,
    string Layers,
    double FramesPerSecond,
    int Width,
    int LayerCount
)
{
    internal const string Unknown = "npz";

    /// <summary>Whether nobody knows what made the frames: they came as arrays, without a word.</summary>
    public bool IsUnknown => Name == Unknown;

    /// <summary>Numbers a frame over all its layers.</summary>
    public int FrameWidth => Width * LayerCount;

    /// <summary>Whether frames can be told as times.</summary>
    public bool HasKnownRate => FramesPerSecond > 0;

    /// <summary>The window of a Whisper encoder, which its revision ends in; null: it is none.</summary>
    public WhisperContext? Context =>
        Revision.EndsWith($"-{SpeechOptions.ClipSuffix}", StringComparison.Ordinal) ? WhisperContext.Clip
        : Revision.EndsWith($"-{SpeechOptions.PaddedSuffix}", StringComparison.Ordinal) ? WhisperContext.Padded
        : null;

    /// <summary>For messages: <c>log-mel (revision 1, 80 wide, 100 frames/s)</c>.</summary>
    public override string ToString() => StoredText();

    /// <summary>
    /// What the keys of clips and the fingerprints of checkpoints are hashed from. Its wording never changes: stores would
    /// be extracted again, and runs not be resumed.
    /// </summary>
    internal string StoredText()
    {
        var layers = Layers.Length == 0 ? "" : $"layers {Layers}, ";
        var revision = Revision.Length == 0 ? "" : $"revision {Revision}, ";
        var rate = HasKnownRate
            ? $"{FramesPerSecond.ToString("0.##", CultureInfo.InvariantCulture)} frames/s"
            : "no known rate";
        var context = Context switch
        {
            WhisperContext.Clip => ", context: the clip's own length",
            WhisperContext.Padded => ", context: padded to the model's window",
            _ => "", // so that keys of clips in older stores stay what they are
        };
        var sideBySide = LayerCount == 1 ? "" : $" x {LayerCount} layers";
        return $"{Name} ({revision}{layers}{Width} wide{sideBySide}, {rate}{context})";
    }
}
