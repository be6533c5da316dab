using AttnCrnn.Audio;
using AttnCrnn.IO;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Wav2Vec2;

/// <summary>
/// Preprocessing of samples by a checkpoint's preprocessor_config.json, as transformers' Wav2Vec2FeatureExtractor
/// applies it to one clip.
/// </summary>
/// <param name="Normalizes">Whether clips are normalized to mean 0 and standard deviation 1.</param>
internal sealed record Wav2Vec2Preprocessing(bool Normalizes)
{
    private const int MaxBytes = 1 << 20;
    private const double Epsilon = 1e-7; // the reference's, added to the variance

    /// <param name="path">Null if the checkpoint has no such file: the reference's default, which normalizes.</param>
    /// <exception cref="InvalidFileException">A setting is not supported.</exception>
    public static Wav2Vec2Preprocessing Read(string? path)
    {
        if (path is null)
            return new(true);
        var json = new JsonSource(
            path,
            $"a checkpoint's {SpeechFamilies.Preprocessor}",
            "download the file again"
        ).Read(MaxBytes);
        if (
            json.GetString("feature_extractor_type", "Wav2Vec2FeatureExtractor")
            is not "Wav2Vec2FeatureExtractor"
                and var type
        )
            throw json.Error(
                $"feature_extractor_type {type}",
                "Wav2Vec2FeatureExtractor",
                "use a checkpoint that takes samples"
            );
        if (json.GetInt32("feature_size", 1, 1 << 16, 1) != 1)
            throw json.Error("a feature_size above 1", "1: samples", "use a checkpoint that takes samples");
        const int expected = Waveform.SampleRateHz;
        if (json.GetInt32("sampling_rate", 1, 1 << 20, expected) is not expected and var rate)
            throw json.Error($"sampling_rate {rate}", $"{expected}", $"use a checkpoint for {expected / 1000} kHz");
        return new(json.GetBoolean("do_normalize", true));
    }

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
