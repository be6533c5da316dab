using AttnCrnn.Encoders.Transformers.Wav2Vec2;
using AttnCrnn.Encoders.Transformers.Whisper;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers;

/// <summary>The supported families of speech encoders.</summary>
internal static class SpeechFamilies
{
    /// <summary>The file that marks a folder as an adapter (peft) instead of a model.</summary>
    public const string Adapter = "adapter_config.json";

    /// <summary>Configuration of a checkpoint.</summary>
    public const string Config = "config.json";

    /// <summary>Settings of the preprocessing, in a checkpoint's folder.</summary>
    public const string Preprocessor = "preprocessor_config.json";

    /// <summary>Holds these settings in checkpoints that later versions of transformers saved.</summary>
    public const string Processor = "processor_config.json";

    private const int MaxConfigBytes = 1 << 20;

    private static readonly IReadOnlyList<ISpeechFamily> All = [new Wav2Vec2Family(), new WhisperFamily()];

    /// <summary>Reads the network described by a checkpoint's configuration.</summary>
    /// <exception cref="InvalidFileException">The family or a setting is not supported.</exception>
    /// <exception cref="InvalidInputException">The options do not fit the family.</exception>
    public static ISpeechNetwork Read(string folder, SpeechOptions options)
    {
        if (File.Exists(Path.Combine(folder, Adapter)))
        {
            throw new InvalidFileException(
                Path.Combine(folder, Adapter),
                null,
                "an adapter",
                "a complete model",
                "merge the adapter into its model with peft's merge_and_unload and save that, or use the base model"
            );
        }
        var config = new JsonSource(
            Path.Combine(folder, Config),
            $"a checkpoint's {Config}",
            "download the file again"
        ).Read(MaxConfigBytes);
        var type = config.GetString("model_type");
        var family = All.FirstOrDefault(family => family.ModelTypes.Contains(type))
            ?? throw config.Error(
                $"a model of type '{type}'",
                string.Join(", ", All.SelectMany(family => family.ModelTypes)),
                "use another checkpoint"
            );
        if (config.Contains("quantization_config"))
            throw config.Error(
                "quantization_config",
                "float32, float16 or bfloat16 weights",
                "use the checkpoint from which it was quantized"
            );
        return family.Read(folder, config, options);
    }
}
