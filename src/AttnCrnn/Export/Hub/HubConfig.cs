using System.Globalization;
using System.Text.Json.Nodes;
using AttnCrnn.Encoders;
using AttnCrnn.Models;
using AttnCrnn.Reports;

namespace AttnCrnn.Export.Hub;

/// <summary>config.json of an exported folder: labels, preprocessing and model files, for any program.</summary>
internal static class HubConfig
{
    public const string FileName = "config.json";

    private const int FormatVersion = 1;
    private const int SampleRateHz = 16_000;

    /// <param name="takesSamples">Whether the ONNX file includes the encoder.</param>
    public static string Format(string name, IReadOnlyList<HubModel> models, bool takesSamples)
    {
        var info = models[0].Info;
        var json = new JsonObject
        {
            ["format"] = "attn-crnn",
            ["format_version"] = FormatVersion,
            ["name"] = name,
            ["version"] = info.Version,
            ["task"] = "audio-classification",
            ["labels"] = ReportJson.CreateStrings(info.Labels),
            ["id2label"] = new JsonObject(
                info.Labels.Select((label, index) => KeyValuePair.Create(FormatIndex(index), (JsonNode?)label))
            ),
            ["label2id"] = new JsonObject(
                info.Labels.Select((label, index) => KeyValuePair.Create(label, (JsonNode?)index))
            ),
            ["models"] = new JsonArray([.. models.Select(model => (JsonNode)CreateModel(model))]),
            ["onnx_input"] = takesSamples ? "samples" : "frames",
            ["sample_rate_hz"] = SampleRateHz,
            ["channels"] = 1,
            ["encoder"] = CreateEncoder(info.Encoder),
            ["normalization"] = NormalizationModes.Format(info.Normalization.Kind),
            ["padding"] = info.Padding,
            ["min_frames"] = NetworkOptions.MinFrames,
            ["network"] = NetworkVersions.Format(info.Network.Version),
            ["parameters"] = ModelFacts.CountParameters(info.Network),
            ["synthetic"] = info.Synthetic,
            ["training"] = info.Training.DeepClone(),
        };
        return ReportJson.Serialize(json) + "\n";
    }

    private static JsonObject CreateModel(HubModel model) =>
        new()
        {
            ["keras"] = model.KerasFile,
            ["onnx"] = model.OnnxFile,
            ["sha256"] = model.Sha256,
            ["temperature"] = model.Info.Temperature,
        };

    private static JsonObject CreateEncoder(EncoderDescription encoder) =>
        new()
        {
            ["name"] = encoder.Name,
            ["revision"] = encoder.Revision,
            ["layers"] = encoder.Layers,
            ["frames_per_second"] = encoder.FramesPerSecond,
            ["width"] = encoder.Width,
            ["layer_count"] = encoder.LayerCount,
        };

    private static string FormatIndex(int index) => index.ToString(CultureInfo.InvariantCulture);
}
