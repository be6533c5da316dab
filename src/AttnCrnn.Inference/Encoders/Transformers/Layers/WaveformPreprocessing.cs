using AttnCrnn.Audio;
using AttnCrnn.Encoders.Transformers.Layouts;
using AttnCrnn.IO;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Layers;

/// <summary>
/// Preprocessing of samples by a checkpoint's settings, as transformers' Wav2Vec2FeatureExtractor applies it to one
/// clip.
/// </summary>
/// <param name="Normalizes">Whether clips are normalized to mean 0 and standard deviation 1.</param>
internal sealed record WaveformPreprocessing(bool Normalizes)
{
    /// <summary>Added to the variance; by default that of Wav2Vec2FeatureExtractor.</summary>
    public double Epsilon { get; init; } = 1e-7;

    /// <summary>
    /// Reads the settings of a checkpoint; without any, the reference's default, which normalizes.
    /// </summary>
    /// <exception cref="InvalidFileException">A setting is not supported.</exception>
    public static WaveformPreprocessing Read(CheckpointFolder folder)
    {
        const string extractor = "Wav2Vec2FeatureExtractor";
        var settings = HuggingFaceLayout.FindPreprocessor(folder);
        HuggingFaceLayout.ReportDefaults(
            folder,
            settings,
            extractor,
            ("sampling_rate", "16000"),
            ("do_normalize", "true (each clip to mean 0 and standard deviation 1)")
        );
        if (settings is not { } json)
            return new(true);
        if (json.GetString("feature_extractor_type", extractor) is not extractor and var type)
            throw json.Error($"feature_extractor_type {type}", extractor, "use a checkpoint that takes samples");
        if (json.GetInt32("feature_size", 1, 1 << 16, 1) != 1)
            throw json.Error("a feature_size above 1", "1: samples", "use a checkpoint that takes samples");
        const int expected = Waveform.SampleRateHz;
        if (json.GetInt32("sampling_rate", 1, 1 << 20, expected) is not expected and var rate)
            throw json.Error($"sampling_rate {rate}", $"{expected}", $"use a checkpoint for {expected / 1000} kHz");
        return new(ReadNormalizes(json, "do_normalize"));
    }

    /// <summary>
    /// Reads whether clips are normalized: true if the setting is missing, and false if it is null, since the reference
    /// implementations test whether it is true.
    /// </summary>
    /// <exception cref="InvalidFileException">It is neither true, false nor null.</exception>
    public static bool ReadNormalizes(JsonCursor json, string key) =>
        json.Find(key) is not { IsNull: true } && json.GetBoolean(key, true);

    /// <summary>Computes the network input.</summary>
    /// <param name="waveform">[samples].</param>
    public float[] Apply(ReadOnlySpan<float> waveform)
    {
        var values = waveform.ToArray();
        if (!Normalizes || values.Length == 0)
            return values;
        double mean = 0,
            variance = 0;
        foreach (var value in values)
            mean += value;
        mean /= values.Length;
        foreach (var value in values)
            variance += (value - mean) * (value - mean);
        var factor = 1 / Math.Sqrt((variance / values.Length) + Epsilon);
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)((values[i] - mean) * factor);
        return values;
    }

    /// <summary>The same as graph operators, also in float64.</summary>
    /// <param name="samples">[samples].</param>
    public GraphValue AddToGraph(GraphBuilder graph, GraphValue samples)
    {
        if (!Normalizes)
            return samples;
        var exact = graph.ToFloat64(samples);
        var differences = graph.Subtract(exact, graph.Mean(exact, 0));
        var variance = graph.Mean(graph.Multiply(differences, differences), 0);
        return graph.ToFloat32(
            graph.Divide(
                differences,
                graph.Sqrt(graph.Add(variance, graph.Constant("preprocessing/epsilon", [Epsilon])))
            )
        );
    }
}
