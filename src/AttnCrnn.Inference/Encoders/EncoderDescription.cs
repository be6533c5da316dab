using System.Globalization;
using AttnCrnn.Encoders.Transformers;

namespace AttnCrnn.Encoders;

/// <summary>
/// Describes how frames were computed. Frames are compatible with each other, and with a model, if their descriptions
/// are equal.
/// </summary>
/// <param name="Name">The encoder's name, as on the command line: <c>log-mel</c>, for example.</param>
/// <param name="Revision">Changes whenever equal samples would give different frames: a version of the
/// implementation, or a checkpoint's commit.</param>
/// <param name="Layers">The requested layers (<c>7</c>, <c>4-8</c>, <c>all</c>, <c>last</c>); empty if the encoder has
/// none.</param>
/// <param name="FramesPerSecond">0 if unknown: frames imported from arrays without a frame rate.</param>
/// <param name="Width">Feature dimension per layer.</param>
/// <param name="LayerCount">Layers per frame: 1, except for <c>--layers all</c>.</param>
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

    /// <summary>Whether the encoder is unknown: the frames were imported as arrays without a description.</summary>
    public bool IsUnknown => Name == Unknown;

    /// <summary>Feature dimension per frame, over all layers.</summary>
    public int FrameWidth => Width * LayerCount;

    /// <summary>Whether frame indices can be converted to seconds.</summary>
    public bool HasKnownRate => FramesPerSecond > 0;

    /// <summary>
    /// What an encoder with a window of a fixed length got, parsed from the end of the revision; null for other
    /// encoders.
    /// </summary>
    public EncoderContext? Context =>
        Revision.EndsWith($"-{SpeechOptions.ClipSuffix}", StringComparison.Ordinal) ? EncoderContext.Clip
        : Revision.EndsWith($"-{SpeechOptions.PaddedSuffix}", StringComparison.Ordinal) ? EncoderContext.Padded
        : null;

    /// <summary>Which set of defaults of training options suits the frames: that of the encoder's family.</summary>
    internal string TrainingDefaultsName =>
        EncoderFamilies.BuiltIn.FindByDescription(this)?.TrainingDefaultsName ?? IEncoderFamily.CommonTrainingDefaults;

    /// <summary>All errors of a description by which frames cannot be stored.</summary>
    internal IEnumerable<string> Errors()
    {
        if (string.IsNullOrWhiteSpace(Name) || IsUnknown)
            yield return $"name '{Name}': expected one that tells the encoder from others; "
                + $"{Unknown} means frames of an unknown encoder";
        if (Width < 1)
            yield return $"width {Width}: expected at least 1 feature per layer";
        if (LayerCount < 1)
            yield return $"layer count {LayerCount}: expected at least 1 layer per frame";
        if (!double.IsFinite(FramesPerSecond) || FramesPerSecond <= 0)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{FramesPerSecond} frames per second: expected more than 0"
            );
    }

    /// <summary>For messages: for example <c>log-mel (revision 1, 80 wide, 100 frames/s)</c>.</summary>
    public override string ToString() => StoredText();

    /// <summary>
    /// The text from which clip keys and checkpoint fingerprints are hashed. It must never change: features would be
    /// extracted again, and runs could not be resumed.
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
            EncoderContext.Clip => ", context: the clip's own length",
            EncoderContext.Padded => ", context: padded to the model's window",
            _ => "", // clip keys of older stores stay valid
        };
        var layerCount = LayerCount == 1 ? "" : $" x {LayerCount} layers";
        return $"{Name} ({revision}{layers}{Width} wide{layerCount}, {rate}{context})";
    }
}
