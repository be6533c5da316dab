using AttnCrnn.Audio;
using AttnCrnn.Encoders.Transformers.Layouts;

namespace AttnCrnn.Encoders.Transformers.Wav2Vec2Bert;

/// <summary>The settings of transformers' SeamlessM4TFeatureExtractor.</summary>
/// <param name="Bands">Mel bands.</param>
/// <param name="PaddingValue">Value of the frame that makes their number even.</param>
internal sealed record FilterBankSettings(int Bands, float PaddingValue)
{
    /// <summary>Frames of 10 ms that are concatenated to one frame of the network.</summary>
    public const int Stride = 2;

    private const string Extractor = "SeamlessM4TFeatureExtractor";
    private const int MaxBands = 256;

    /// <summary>Reads the settings of a checkpoint; without any, the published ones.</summary>
    /// <exception cref="InvalidFileException">A setting is not supported.</exception>
    public static FilterBankSettings Read(CheckpointFolder folder)
    {
        var settings = HuggingFaceLayout.FindPreprocessor(folder);
        HuggingFaceLayout.ReportDefaults(
            folder,
            settings,
            Extractor,
            ("sampling_rate", "16000"),
            ("num_mel_bins", "80"),
            ("padding_value", settings is null ? "1" : "0")
        );
        if (settings is not { } json)
            return new(80, 1);
        if (json.GetString("feature_extractor_type", Extractor) is not Extractor and var type)
            throw json.Error($"feature_extractor_type {type}", Extractor, "use a checkpoint of w2v-BERT 2.0");
        if (json.GetInt32("sampling_rate", 1, 1 << 20, Waveform.SampleRateHz) is not Waveform.SampleRateHz and var rate)
            throw json.Error($"sampling_rate {rate}", $"{Waveform.SampleRateHz}", "use a checkpoint for 16 kHz");
        if (json.GetInt32("stride", 1, 1 << 16, Stride) is not Stride and var stride)
            throw json.Error($"stride {stride}", $"{Stride}", "use another checkpoint");
        return new(json.GetInt32("num_mel_bins", 1, MaxBands, 80), json.GetSingle("padding_value", 0));
    }
}
