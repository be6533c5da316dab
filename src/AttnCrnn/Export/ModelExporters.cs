using AttnCrnn.Export.Keras;
using AttnCrnn.Export.Npz;
using AttnCrnn.Export.Onnx;
using AttnCrnn.Export.Safetensors;
using AttnCrnn.Models;

namespace AttnCrnn.Export;

/// <summary>The output formats of trained models.</summary>
public static class ModelExporters
{
    /// <summary>All formats; help texts and messages list them in this order.</summary>
    public static IReadOnlyList<IModelExporter> All { get; } =
    [
        // One line each.
        new KerasExporter(),
        new OnnxExporter(),
        new NpzExporter(),
        new SafetensorsExporter(),
    ];

    /// <summary>The format of a name; null: there is none.</summary>
    public static IModelExporter? Find(string name) => All.FirstOrDefault(exporter => exporter.Name == name);

    /// <summary>
    /// The output file for a model if none is chosen, next to the model. Its name contains the format and the options
    /// that make another model of it, so that no export replaces the file of a different one: <c>m.onnx</c>,
    /// <c>m.waveform.onnx</c>, <c>m.waveform.int8.onnx</c> for <c>m.keras</c>.
    /// </summary>
    /// <param name="modelPath">The model file.</param>
    /// <param name="required">What the options require of the format.</param>
    public static string GetDefaultPath(string modelPath, IModelExporter exporter, ExportFeatures required)
    {
        // Any other ending is part of the name: the models m.1 and m.2 have different outputs.
        var name = modelPath.EndsWith(ModelFile.Extension, StringComparison.Ordinal)
            ? modelPath[..^ModelFile.Extension.Length]
            : modelPath;
        var waveform = required.HasFlag(ExportFeatures.Waveform) ? ".waveform" : "";
        var int8 = required.HasFlag(ExportFeatures.Int8Weights) ? ".int8" : "";
        return $"{name}{waveform}{int8}{exporter.Extension}";
    }
}
