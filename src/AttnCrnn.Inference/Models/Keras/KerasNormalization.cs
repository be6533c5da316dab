using AttnCrnn.IO;
using AttnCrnn.Models.Keras.Weights;

namespace AttnCrnn.Models.Keras;

/// <summary>
/// Mean and standard deviation of a Normalization layer: stored as weights if the layer was adapted, as options if they
/// were passed to it.
/// </summary>
internal sealed class KerasNormalization(KerasWeights weights)
{
    private const float MinStandardDeviation = 1e-7f; // lower bound of Keras' divisor

    /// <exception cref="InvalidFileException">
    /// The number of values differs from the number of features, or a variance is negative.
    /// </exception>
    public FeatureNormalization Read(KerasLayer layer, NetworkOptions network)
    {
        var width = network.FrameWidth;
        int[] shape = network.EncoderLayers == 1 ? [width] : [network.EncoderLayers, network.Width];
        var mean = ReadOption(layer, "mean", width);
        var variance = ReadOption(layer, "variance", width);
        if (mean is null != variance is null)
            throw CreateUnexpectedLayerError(layer, "both mean and variance, or neither");
        mean ??= weights.Read(KerasPaths.GetVariable(layer.Folder, 0), shape);
        variance ??= weights.Read(KerasPaths.GetVariable(layer.Folder, 1), shape);
        if (variance.Any(value => value < 0))
            throw CreateUnexpectedLayerError(layer, "variances of at least 0");
        return new(
            NormalizationMode.Corpus,
            mean,
            [.. variance.Select(value => Math.Max(MathF.Sqrt(value), MinStandardDeviation))]
        );
    }

    // One number for all features, or one per feature in nested lists.
    private static float[]? ReadOption(KerasLayer layer, string name, int width)
    {
        if (layer.Config.Find(name) is not { IsNull: false } value)
            return null;
        var numbers = new List<float>();
        var pending = new Stack<JsonCursor>([value]);
        while (pending.TryPop(out var element))
        {
            if (element.IsArray)
            {
                foreach (var child in element.Items.Reverse())
                    pending.Push(child);
            }
            else
                numbers.Add(element.AsSingle() ?? throw CreateUnexpectedLayerError(layer, $"numbers as its {name}"));
        }
        if (numbers.Count == 1)
            return [.. Enumerable.Repeat(numbers[0], width)];
        return numbers.Count == width
            ? [.. numbers]
            : throw CreateUnexpectedLayerError(layer, $"{width} numbers as its {name}, not {numbers.Count}");
    }

    private static InvalidFileException CreateUnexpectedLayerError(KerasLayer layer, string expected) =>
        layer.Config.Error(layer.ToString(), expected, KerasGraph.Remedy);
}
