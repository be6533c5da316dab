using AttnCrnn.Encoders;
using AttnCrnn.Models;

namespace AttnCrnn.Training;

/// <summary>The weights of another model that a training begins with. Adam begins anew.</summary>
internal static class InitialWeights
{
    /// <summary>The network that has these weights.</summary>
    /// <param name="frames">What it shall learn from.</param>
    /// <param name="labels">What it shall tell apart.</param>
    /// <param name="version">The network that was asked for, v1 or v2.</param>
    /// <exception cref="InvalidInputException">The model takes other frames, has other labels, or is another version of the network.</exception>
    public static NetworkOptions Network(
        TrainedModelInfo model,
        EncoderDescription frames,
        IReadOnlyList<string> labels,
        string version
    )
    {
        var (network, width, layers) = (model.Network, frames.Width, frames.LayerCount);
        List<string> errors = [];
        if (network.Width != width || network.Layers != layers)
            errors.Add(
                $"its frames are {network.Width} wide{Layers(network.Layers)}, and these {width}{Layers(layers)}"
            );
        if (!model.Labels.Order(StringComparer.Ordinal).SequenceEqual(labels.Order(StringComparer.Ordinal)))
            errors.Add(
                $"its labels are {string.Join(',', model.Labels)}, and these {string.Join(',', labels)} (--map and --drop change these)"
            );
        if (network.Version != version)
            errors.Add($"it is a {network.Version} network: train with --model {network.Version}");
        return errors.Count == 0
            ? network
            : throw new InvalidInputException($"--init: the model does not fit: {string.Join("; ", errors)}");
    }

    /// <summary>Puts the weights in place; the outputs in the order of the job's labels.</summary>
    public static void CopyTo(Parameters parameters, TrainedModel model, IReadOnlyList<string> labels)
    {
        int[] from = [.. labels.Select(label => model.Model.Labels.ToList().IndexOf(label))];
        foreach (var (tensor, parameter) in model.Tensors.Zip(parameters.All))
        {
            if (!parameter.Name.StartsWith("dense_1/", StringComparison.Ordinal))
                tensor.Values.CopyTo(parameter.Values.Span);
            else
            {
                for (var i = 0; i < tensor.Values.Length; i++)
                    parameter.Values.Span[i] = tensor.Values[i - (i % from.Length) + from[i % from.Length]];
            }
        }
    }

    private static string Layers(int count) => count == 1 ? "" : $" x {count} layers";
}
