using System.Text.Json.Serialization;

namespace AttnCrnn.Encoders;

/// <summary>What made frames. Frames fit together, and into a model, where their descriptions are equal.</summary>
/// <param name="Name">As on the command line, as in <c>log-mel</c>.</param>
/// <param name="Revision">Changes whenever the same samples would give other frames: a version of our arithmetic, or a checkpoint's commit.</param>
/// <param name="Layers">The layers as asked for (<c>7</c>, <c>4-8</c>, <c>all</c>, <c>last</c>); empty where the encoder has none.</param>
/// <param name="FramesPerSecond">0 where nobody knows: frames that others saved without saying so.</param>
/// <param name="Width">Numbers a frame and layer.</param>
/// <param name="LayerCount">Layers kept side by side, 1 but for <c>--layers all</c>.</param>
public sealed record EncoderDescription(
    string Name, string Revision, string Layers, double FramesPerSecond, int Width, int LayerCount)
{
    internal const string Unknown = "npz";

    /// <summary>Whether nobody knows what made the frames: they came as arrays, without a word.</summary>
    [JsonIgnore]
    public bool IsUnknown => Name == Unknown;

    /// <summary>Numbers a frame over all its layers.</summary>
    [JsonIgnore]
    public int FrameWidth => Width * LayerCount;

    /// <summary>Whether frames can be told as times.</summary>
    [JsonIgnore]
    public bool HasKnownRate => FramesPerSecond > 0;

    /// <summary>For messages: <c>log-mel (revision 1, 80 wide, 100 frames/s)</c>.</summary>
    public override string ToString()
    {
        var layers = Layers.Length == 0 ? "" : $"layers {Layers}, ";
        var revision = Revision.Length == 0 ? "" : $"revision {Revision}, ";
        var rate = HasKnownRate ? $"{FramesPerSecond:0.##} frames/s" : "no known rate";
        return $"{Name} ({revision}{layers}{Width} wide{(LayerCount == 1 ? "" : $" x {LayerCount} layers")}, {rate})";
    }
}
