using System.Text.Json;

namespace AttnCrnn.Models.Keras;

/// <summary>The figures of a Normalization layer: among the weights where it was adapted, among its options where they were given to it.</summary>
internal sealed class KerasNormalization(string file, KerasWeights weights)
{
    private const float MinVariance = 1e-7f; // Keras divides by no less

    /// <exception cref="InvalidFileException">There are not as many figures as features, or a variance is negative.</exception>
    public FeatureNormalization Read(KerasLayer layer, NetworkOptions network)
    {
        var width = network.FrameWidth;
        int[] shape = network.Layers == 1 ? [width] : [network.Layers, network.Width];
        var (mean, variance) = (Given(layer, "mean", width), Given(layer, "variance", width));
        if (mean is null != variance is null)
            throw Wrong(layer, "mean and variance both, or neither");
        mean ??= weights.Read(layer.Folder + "/vars/0", shape);
        variance ??= weights.Read(layer.Folder + "/vars/1", shape);
        if (variance.Any(value => value < 0))
            throw Wrong(layer, "variances of at least 0");
        return new("corpus", mean, [.. variance.Select(value => Math.Max(MathF.Sqrt(value), MinVariance))]);
    }

    // A number for all features, or as many as there are, in lists within lists.
    private float[]? Given(KerasLayer layer, string name, int width)
    {
        if (!layer.Config.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        var (numbers, open) = (new List<float>(), new Stack<JsonElement>([value]));
        while (open.TryPop(out var item))
        {
            if (item.ValueKind == JsonValueKind.Array)
            {
                foreach (var inner in item.EnumerateArray().Reverse())
                    open.Push(inner);
            }
            else
                numbers.Add(
                    item.ValueKind == JsonValueKind.Number
                    && item.TryGetSingle(out var number)
                    && float.IsFinite(number)
                        ? number
                        : throw Wrong(layer, $"numbers as its {name}")
                );
        }
        if (numbers.Count == 1)
            return [.. Enumerable.Repeat(numbers[0], width)];
        return numbers.Count == width
            ? [.. numbers]
            : throw Wrong(layer, $"{width} numbers as its {name}, and not {numbers.Count}");
    }

    private InvalidFileException Wrong(KerasLayer layer, string expected) =>
        new(file, null, layer.ToString(), expected, KerasGraph.Remedy);
}
