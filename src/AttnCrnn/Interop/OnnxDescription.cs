using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using AttnCrnn.Audio;
using AttnCrnn.Onnx;

namespace AttnCrnn.Interop;

/// <summary>What an ONNX model says of itself, in its metadata.</summary>
internal static class OnnxDescription
{
    /// <summary>The graph normalises.</summary>
    public const string InGraph = "in the graph";

    /// <summary>The graph takes frames that are normalised already.</summary>
    public const string BeforeIt = "before the graph: (frame - mean) / deviation of the clip's speaker";

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="normalised">Where normalisation is done, where the model has one.</param>
    public static void Add(GraphBuilder graph, SavedModel model, string normalised, bool byEightBits)
    {
        static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
        graph.MadeBy(model.Version);
        graph.Describe("labels", JsonSerializer.Serialize(model.Labels, Json));
        graph.Describe("encoder", model.Encoder.Name);
        graph.Describe("encoder_revision", model.Encoder.Revision);
        graph.Describe("encoder_layers", model.Encoder.Layers);
        if (model.Encoder.Context is { } context) graph.Describe("encoder_context", context == Encoders.WhisperContext.Padded ? "padded" : "clip");
        graph.Describe("encoder_width", Number(model.Encoder.Width));
        graph.Describe("encoder_layer_count", Number(model.Encoder.LayerCount));
        graph.Describe("frames_per_second", Number(model.Encoder.FramesPerSecond));
        graph.Describe("least_frames", Number(Model.NetworkOptions.LeastFrames));
        if (model.IsFixedLength) graph.Describe("most_frames", Number(model.Padding));
        graph.Describe("network", model.Network.Version);
        graph.Describe("normalisation", model.Normalisation.Kind);
        if (model.Normalisation.Kind != "none") graph.Describe("normalised", normalised);
        graph.Describe("temperature", Number(model.Temperature));
        if (byEightBits) graph.Describe("weights", "int8");
        if (model.Synthetic) graph.Describe("synthetic", "learned from generated recordings: it knows nothing about people");
        graph.Describe("attn_crnn_version", model.Version);
    }

    /// <summary>What there is to say more where the input is sound.</summary>
    /// <param name="least">Samples without which there is no answer.</param>
    /// <param name="max">Samples beyond which there is none; int.MaxValue: any number.</param>
    public static void AddSamples(GraphBuilder graph, int least, int max)
    {
        graph.Describe("least_samples", least.ToString(CultureInfo.InvariantCulture));
        if (max < int.MaxValue) graph.Describe("max_samples", max.ToString(CultureInfo.InvariantCulture));
        graph.Describe("sample_rate_hz", Waveform.SampleRateHz.ToString(CultureInfo.InvariantCulture));
        graph.Describe("channels", "1");
        if (graph.WeightsFile is { } file) graph.Describe("weights_file", file);
    }
}
