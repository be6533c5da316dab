using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers.Layers;

/// <summary>
/// Models that were fine-tuned for speech recognition (CTC): their last layers encode letters rather than voices.
/// </summary>
internal static class SpeechRecognizer
{
    /// <summary>Whether a config.json names an architecture for speech recognition.</summary>
    public static bool IsDescribedBy(JsonCursor json) =>
        json.Find("architectures") is { IsArray: true } architectures
        && architectures.Items.Any(item =>
            item.AsString() is { } name && name.EndsWith("ForCTC", StringComparison.Ordinal)
        );

    /// <summary>A warning if only the last layer of such a model is selected; null otherwise.</summary>
    /// <param name="count">Number of layers.</param>
    /// <param name="defaultLayers">The layers to try instead.</param>
    public static string? DescribeWarning(LayerSelection layers, int count, string defaultLayers) =>
        layers.First == count
            ? "was fine-tuned for speech recognition, and its last layer encodes letters rather than voices "
                + $"(see docs/encoders.md): try the layers {defaultLayers}"
            : null;
}
