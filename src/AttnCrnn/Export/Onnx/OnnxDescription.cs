using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AttnCrnn.Audio;
using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Models;
using AttnCrnn.Onnx;

namespace AttnCrnn.Export.Onnx;

/// <summary>Writes the metadata of an ONNX model.</summary>
internal static class OnnxDescription
{
    /// <summary>The graph normalizes its input.</summary>
    public const string InGraph = "in the graph";

    /// <summary>The graph takes normalized frames.</summary>
    public const string BeforeGraph = "before the graph: (frame - mean) / standard deviation of the clip's speaker";

    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="normalizationPlace">Where normalization takes place, if the model has one.</param>
    public static void Add(GraphBuilder graph, TrainedModelInfo model, string normalizationPlace, bool quantizeInt8)
    {
        static string Format(double value) => value.ToString(CultureInfo.InvariantCulture);
        graph.SetProducer(model.Version);
        AddLabels(graph, "labels", model.Labels);
        graph.AddMetadata("encoder", model.Encoder.Name);
        graph.AddMetadata("encoder_revision", model.Encoder.Revision);
        graph.AddMetadata("encoder_layers", model.Encoder.Layers);
        if (model.Encoder.Context is { } context)
            graph.AddMetadata("encoder_context", context == EncoderContext.Padded ? "padded" : "clip");
        graph.AddMetadata("encoder_width", Format(model.Encoder.Width));
        graph.AddMetadata("encoder_layer_count", Format(model.Encoder.LayerCount));
        graph.AddMetadata("frames_per_second", Format(model.Encoder.FramesPerSecond));
        graph.AddMetadata("least_frames", Format(NetworkOptions.MinFrames));
        if (model.IsFixedLength)
            graph.AddMetadata("most_frames", Format(model.Padding));
        graph.AddMetadata("network", NetworkVersions.Format(model.Network.Version));
        graph.AddMetadata("normalisation", NormalizationModes.Format(model.Normalization.Kind));
        if (model.Normalization.Kind != NormalizationMode.None)
            graph.AddMetadata("normalised", normalizationPlace);
        graph.AddMetadata("temperature", Format(model.Temperature));
        if (quantizeInt8)
            graph.AddMetadata("weights", "int8");
        if (model.Synthetic)
            graph.AddMetadata("synthetic", "trained on synthetic speech; not valid for real speech");
        graph.AddMetadata("attn_crnn_version", model.Version);
    }

    /// <summary>Adds the metadata of a published classifier.</summary>
    /// <param name="version">Version of this program.</param>
    public static void AddClassifier(GraphBuilder graph, SpeechClassifier classifier, string version)
    {
        graph.SetProducer(version);
        AddLabels(graph, "labels", classifier.Labels);
        AddLabels(graph, "published_labels", classifier.PublishedLabels);
        graph.AddMetadata(
            "outputs",
            classifier.Output switch
            {
                ClassifierOutput.Probabilities => "probabilities",
                ClassifierOutput.IndependentProbabilities => "independent probabilities",
                _ => "values",
            }
        );
        graph.AddMetadata("classifier", classifier.Name);
        graph.AddMetadata("classifier_revision", classifier.Revision);
        graph.AddMetadata("model_type", classifier.ModelType);
        graph.AddMetadata("training_data", PublishedTraining.Find(classifier.Name)?.Description ?? "unknown");
        graph.AddMetadata("attn_crnn_version", version);
    }

    /// <summary>Adds the metadata of a model that takes samples.</summary>
    public static void AddSamples(GraphBuilder graph, SampleRange range)
    {
        graph.AddMetadata("least_samples", range.Min.ToString(CultureInfo.InvariantCulture));
        if (range.IsLimited)
            graph.AddMetadata("max_samples", range.Max.ToString(CultureInfo.InvariantCulture));
        graph.AddMetadata("sample_rate_hz", Waveform.SampleRateHz.ToString(CultureInfo.InvariantCulture));
        graph.AddMetadata("channels", "1");
        if (graph.WeightsFile is { } file)
            graph.AddMetadata("weights_file", file);
    }

    private static void AddLabels(GraphBuilder graph, string key, IEnumerable<string> labels) =>
        graph.AddMetadata(key, new JsonArray([.. labels.Select(label => (JsonNode)label)]).ToJsonString(Json));
}
