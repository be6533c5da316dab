using System.Globalization;
using AttnCrnn.Encoders;
using AttnCrnn.Models;
using AttnCrnn.Models.Weights;

namespace AttnCrnn.Reports;

/// <summary>What is known of a model from its file, as texts with titles, for tables.</summary>
internal static class ModelFacts
{
    /// <summary>The number of values in the model's tensors, running statistics included.</summary>
    public static long CountParameters(NetworkOptions network) =>
        Parameters.ListShapes(network).Sum(parameter => parameter.Shape.Aggregate(1L, (size, length) => size * length));

    /// <summary>Title and text of each.</summary>
    public static IEnumerable<KeyValuePair<string, string>> List(TrainedModelInfo model)
    {
        yield return new("labels", string.Join(", ", model.Labels));
        yield return new("network", DescribeNetwork(model.Network));
        yield return new("encoder", DescribeEncoder(model.Encoder));
        yield return new("normalization", DescribeNormalization(model));
        yield return new("temperature", DescribeTemperature(model.Temperature));
        if (model.Padding > 0)
            yield return new(
                "padding",
                string.Create(CultureInfo.InvariantCulture, $"every clip is padded to {model.Padding} frames")
            );
        yield return new("trained by", model.Version.Length > 0 ? $"attn-crnn {model.Version}" : "another program");
    }

    private static string DescribeNetwork(NetworkOptions network) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{NetworkVersions.Format(network.Version)}, {CountParameters(network):N0} parameters: convolutions of "
        )
        + string.Create(
            CultureInfo.InvariantCulture,
            $"{network.Conv1Filters} and {network.Conv2Filters} filters, LSTM of {network.LstmUnits} units per "
        )
        + string.Create(CultureInfo.InvariantCulture, $"direction, dense layer of {network.DenseUnits} units");

    private static string DescribeEncoder(EncoderDescription encoder)
    {
        if (encoder.IsUnknown)
            return string.Create(CultureInfo.InvariantCulture, $"not recorded; frames of {encoder.Width} features");
        var revision = encoder.Revision.Length > 0 ? $", revision {encoder.Revision}" : "";
        var layers = encoder.Layers.Length > 0 ? $", layers {encoder.Layers}" : "";
        var count = encoder.LayerCount > 1 ? $" of {encoder.LayerCount} layers" : "";
        return $"{encoder.Name}{revision}{layers}: "
            + string.Create(
                CultureInfo.InvariantCulture,
                $"{encoder.Width} features{count}, {encoder.FramesPerSecond:0.##} frames per second"
            );
    }

    private static string DescribeNormalization(TrainedModelInfo model) =>
        model.Normalization.Kind switch
        {
            NormalizationMode.None => "none",
            NormalizationMode.Corpus => "by mean and standard deviation of the training set",
            NormalizationMode.Speaker => "by mean and standard deviation of each speaker's clips; by those of the "
                + "training set for a single recording",
            var other => throw new ArgumentException($"a normalization {other}", nameof(model)),
        };

    private static string DescribeTemperature(double temperature) =>
        temperature == 1
            ? "1 (not calibrated)"
            : string.Create(CultureInfo.InvariantCulture, $"{temperature:0.000} (fitted on the validation set)");
}
