using AttnCrnn.Audio;
using AttnCrnn.Encoders.Transformers.Layouts;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers.Whisper;

/// <summary>
/// Checks the settings of transformers' WhisperFeatureExtractor. Only the published features are supported; older files
/// also hold the mel filters, which are ignored.
/// </summary>
internal static class WhisperPreprocessor
{
    /// <exception cref="InvalidFileException">A setting differs from the published features or contradicts the
    /// model.</exception>
    public static void Check(CheckpointFolder folder, WhisperConfig config)
    {
        var settings = HuggingFaceLayout.FindPreprocessor(folder);
        HuggingFaceLayout.ReportDefaults(
            folder,
            settings,
            "WhisperFeatureExtractor",
            ("sampling_rate", "16000"),
            ("feature_size", settings is null ? $"{config.MelBands}" : "80")
        );
        if (settings is { } json) // otherwise the published features
            Check(json, config);
    }

    private static void Check(JsonCursor json, WhisperConfig config)
    {
        const string anotherModel = "use another checkpoint";
        if (
            json.GetString("feature_extractor_type", "WhisperFeatureExtractor")
            is not "WhisperFeatureExtractor"
                and var type
        )
            throw json.Error($"feature_extractor_type {type}", "WhisperFeatureExtractor", anotherModel);
        RequireSetting("sampling_rate", Waveform.SampleRateHz);
        RequireSetting("n_fft", LogMel.WindowSamples);
        RequireSetting("hop_length", LogMel.HopSamples);
        if (json.GetInt32("feature_size", 1, int.MaxValue, 80) is var bands && bands != config.MelBands)
            throw json.Error(
                $"feature_size {bands}",
                $"{config.MelBands}, the model's num_mel_bins",
                "the files are of different models: download them again"
            );
        var seconds = json.GetInt32("chunk_length", 1, 1 << 16, 30);
        var samples = config.WindowSamples;
        if ((long)seconds * Waveform.SampleRateHz != samples)
            throw json.Error(
                $"chunk_length {seconds} ({(long)seconds * Waveform.SampleRateHz} samples)",
                $"{samples} samples, from the model's max_source_positions {config.Positions}",
                "the files are of different models: download them again"
            );
        RequireSetting("n_samples", samples);
        RequireSetting("nb_max_frames", samples / LogMel.HopSamples);
        if (json.GetSingle("dither", 0) != 0)
            throw json.Error("dither above 0", "0: features without added noise", anotherModel);
        if (json.GetSingle("padding_value", 0) != 0)
            throw json.Error("a padding_value other than 0", "0: silence", anotherModel);
        if (json.GetString("padding_side", "right") is not "right" and var padding)
            throw json.Error($"padding_side {padding}", "right: silence behind the clip", anotherModel);
        if (json.GetBoolean("do_normalize", false))
            throw json.Error("do_normalize true", "false: unnormalized samples", anotherModel);

        void RequireSetting(string name, int value)
        {
            if (json.GetInt32(name, 0, int.MaxValue, value) is var found && found != value)
                throw json.Error($"{name} {found}", $"{value}", anotherModel);
        }
    }
}
