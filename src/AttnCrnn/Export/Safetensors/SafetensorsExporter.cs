using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AttnCrnn.Encoders;
using AttnCrnn.Formats.Safetensors;
using AttnCrnn.IO;
using AttnCrnn.Models;
using AttnCrnn.Models.Networks;

namespace AttnCrnn.Export.Safetensors;

/// <summary>
/// Exports a model for programs that build the network themselves: its tensors in a safetensors file, float32 under
/// Keras' names, and beside it a JSON file with the layers in the order of the computation, the labels and the
/// preprocessing (docs/models.md). samples/safetensors-python reads both.
/// </summary>
internal sealed class SafetensorsExporter : IModelExporter
{
    /// <summary>Version of the JSON file's layout.</summary>
    public const int FormatVersion = 1;

    private static readonly JsonWriterOptions Readable = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string Name => "safetensors";

    public string Extension => ".safetensors";

    public string Description => "the weights as safetensors and the layers as JSON";

    public ExportFeatures Supports => ExportFeatures.EncoderDescription;

    public IReadOnlyList<string> ListFiles(string path) =>
        [path, (path.EndsWith(Extension, StringComparison.Ordinal) ? path[..^Extension.Length] : path) + ".json"];

    public Task<ExportResult> ExportAsync(
        TrainedModel model,
        string path,
        ExportOptions options,
        CancellationToken cancellationToken = default
    )
    {
        options.ThrowIfUnsupported(this);
        cancellationToken.ThrowIfCancellationRequested();
        ModelConsistency.ThrowIfInconsistent(model.Info, model.Tensors);
        var files = ListFiles(path);
        AtomicFile.Write(path, stream => WriteTensors(stream, model.Tensors));
        AtomicFile.WriteBytes(files[1], CreateDescription(model.Info, Path.GetFileName(path)));
        return Task.FromResult(new ExportResult(files, []));
    }

    private static void WriteTensors(Stream stream, IReadOnlyList<ModelTensor> tensors) =>
        SafetensorsWriter.Write(
            stream,
            new Dictionary<string, string>(),
            [
                .. tensors.Select(tensor =>
                    (
                        tensor.Name,
                        "F32",
                        (IReadOnlyList<long>)[.. tensor.Shape.Select(size => (long)size)],
                        (long)sizeof(float) * tensor.Values.Length,
                        (Action<Stream>)(output => output.Write(MemoryMarshal.AsBytes(tensor.Values.AsSpan())))
                    )
                ),
            ]
        );

    private static byte[] CreateDescription(TrainedModelInfo model, string weightsFile) =>
        JsonBytes.WriteObject(
            json =>
            {
                json.WriteString("format", "attn-crnn");
                json.WriteNumber("format_version", FormatVersion);
                json.WriteString("version", model.Version);
                json.WriteString("weights_file", weightsFile);
                WriteNode(json, "labels", ToArray(model.Labels.Select(label => (JsonNode)label)));
                EncoderJson.Write(json, "encoder", model.Encoder);
                json.WriteStartObject("normalization");
                json.WriteString("kind", NormalizationModes.Format(model.Normalization.Kind));
                WriteNode(json, "mean", ToArray(model.Normalization.Mean.Select(value => (JsonNode)value)));
                WriteNode(
                    json,
                    "standard_deviation",
                    ToArray(model.Normalization.StandardDeviation.Select(value => (JsonNode)value))
                );
                json.WriteEndObject();
                json.WriteNumber("min_frames", NetworkOptions.MinFrames);
                WriteNode(json, "max_frames", model.IsFixedLength ? model.Padding : null);
                json.WriteBoolean("synthetic", model.Synthetic);
                json.WriteStartObject("network");
                json.WriteString("version", NetworkVersions.Format(model.Network.Version));
                json.WriteNumber("encoder_layers", model.Network.EncoderLayers);
                json.WriteNumber("width", model.Network.Width);
                json.WriteNumber("classes", model.Network.Classes);
                json.WriteEndObject();
                WriteNode(json, "layers", ToArray(ListLayers(model)));
                WriteNode(json, "training", model.Training);
            },
            Readable
        );

    private static IEnumerable<JsonNode> ListLayers(TrainedModelInfo model)
    {
        var layers = new LayerDescriptions();
        var padding = LayerDescriptions.Create("zero_padding", ("frames", model.Padding));
        if (model.IsFixedLength)
            layers.Add(padding);
        if (model.Normalization.Kind != NormalizationMode.None)
            layers.Add(LayerDescriptions.Create("normalization"));
        if (model.Padding > 0 && !model.IsFixedLength)
            layers.Add(padding);
        model.Network.Declare().Accept(layers);
        layers.Add(LayerDescriptions.Create("softmax", ("temperature", model.Temperature)));
        return layers.All;
    }

    private static JsonArray ToArray(IEnumerable<JsonNode> items) => new([.. items]);

    private static void WriteNode(Utf8JsonWriter json, string key, JsonNode? value)
    {
        json.WritePropertyName(key);
        if (value is null)
            json.WriteNullValue();
        else
            value.WriteTo(json);
    }
}
