using AttnCrnn.Encoders;
using AttnCrnn.Models;
using AttnCrnn.Models.Weights;
using AttnCrnn.Options;

namespace AttnCrnn.Training;

/// <summary>Warm start: initializes training with another model's weights. Adam's state is not taken over.</summary>
internal static class InitialWeights
{
    /// <summary>Options of the network that has these weights.</summary>
    /// <param name="frames">Encoder of the training frames.</param>
    /// <param name="labels">Labels of the training clips.</param>
    /// <param name="options">The requested network; an option without a value is that of the model.</param>
    /// <exception cref="InvalidInputException">
    /// The model expects different frames, has different labels, or is a different network version.
    /// </exception>
    public static NetworkOptions ResolveNetworkOptions(
        TrainedModelInfo model,
        EncoderDescription frames,
        IReadOnlyList<string> labels,
        TrainingOptions options
    )
    {
        var network = model.Network;
        var featureDimension = frames.Width;
        var layers = frames.LayerCount;
        List<OptionText> errors = [];
        if (network.Width != featureDimension || network.EncoderLayers != layers)
            errors.Add(
                $"its feature dimension is {network.Width}{DescribeLayers(network.EncoderLayers)}, "
                    + $"that of these features {featureDimension}{DescribeLayers(layers)}"
            );
        if (!model.Labels.Order(StringComparer.Ordinal).SequenceEqual(labels.Order(StringComparer.Ordinal)))
            errors.Add(
                OptionText.Create(
                    $"its labels are {string.Join(',', model.Labels)}, those of the clips {string.Join(',', labels)} "
                        + $"(change them with {OptionKeys.Map} and {OptionKeys.Drop})"
                )
            );
        errors.AddRange(CompareLayers(network, options));
        return errors.Count == 0
            ? network
            : throw new InvalidInputException(
                OptionText.Create($"{OptionKeys.Init}: the model does not fit: {OptionText.Join("; ", errors)}")
            );
    }

    /// <summary>Copies the weights, with the outputs reordered to the job's labels.</summary>
    public static void CopyTo(Parameters parameters, TrainedModel model, IReadOnlyList<string> labels)
    {
        int[] sourceIndices = [.. labels.Select(label => model.Info.Labels.ToList().IndexOf(label))];
        foreach (var (tensor, parameter) in model.Tensors.Zip(parameters.All))
        {
            if (!parameter.Name.StartsWith($"{TensorNames.OutputDense}/", StringComparison.Ordinal))
                tensor.Values.CopyTo(parameter.Values.Span);
            else
            {
                for (var i = 0; i < tensor.Values.Length; i++)
                    parameter.Values.Span[i] = tensor.Values[
                        i - (i % sourceIndices.Length) + sourceIndices[i % sourceIndices.Length]
                    ];
            }
        }
    }

    private static IEnumerable<OptionText> CompareLayers(NetworkOptions network, TrainingOptions options)
    {
        var requested = NetworkVersions.Canonicalize(
            network with
            {
                Version = options.Model,
                Pooling = options.Pooling ?? network.Pooling,
                HeadNormalization = options.HeadNorm ?? network.HeadNormalization,
                Activation = options.Activation ?? network.Activation,
            }
        );
        if (network.Version != requested.Version)
        {
            var name = NetworkVersions.Format(network.Version);
            yield return OptionText.Create($"it is a {name} network: train with {OptionKeys.Model} {name}");
            yield break;
        }
        if (network.Pooling != requested.Pooling)
            yield return Describe(OptionKeys.Pooling, TemporalPoolings.Format(network.Pooling));
        if (network.HeadNormalization != requested.HeadNormalization)
            yield return Describe(OptionKeys.HeadNorm, HeadNormalizations.Format(network.HeadNormalization));
        if (network.Activation != requested.Activation)
            yield return Describe(OptionKeys.Activation, HeadActivations.Format(network.Activation));

        static OptionText Describe(OptionKey key, string value) =>
            OptionText.Create($"its {key.Name} is {value}: train with {key} {value}");
    }

    private static string DescribeLayers(int count) => count == 1 ? "" : $" x {count} layers";
}
