using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers.Wav2Vec2;

/// <summary>
/// wav2vec 2.0 (Baevski et al. 2020), HuBERT (Hsu et al. 2021) and WavLM (Chen et al. 2022): convolutions over the
/// samples, then a transformer.
/// </summary>
internal sealed class Wav2Vec2Family : ISpeechFamily
{
    public IReadOnlyList<string> ModelTypes { get; } = ["wav2vec2", "hubert", "wavlm"];

    public ISpeechNetwork Read(string folder, JsonCursor config, SpeechOptions options)
    {
        if (options.Context is { } context)
            throw new InvalidInputException(
                $"--whisper_context {context.ToString().ToLowerInvariant()}: only Whisper has a window of a fixed "
                    + $"length, and this is {config.GetString("model_type")}; omit the option"
            );
        var preprocessor = Path.Combine(folder, SpeechFamilies.Preprocessor);
        return new Wav2Vec2Network(
            Wav2Vec2Config.Read(config),
            Wav2Vec2Preprocessing.Read(File.Exists(preprocessor) ? preprocessor : null)
        );
    }
}
