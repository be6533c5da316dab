using AttnCrnn.Encoders.Transformers.Wav2Vec2;
using AttnCrnn.Encoders.Transformers.Whisper;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers;

/// <summary>The families of speech encoders that this program knows.</summary>
internal static class SpeechFamilies
{
    /// <summary>The file that makes a folder an adapter to a model, and no model.</summary>
    public const string Adapter = "adapter_config.json";

    private const int MaxConfigBytes = 1 << 20;

    private static readonly IReadOnlyList<ISpeechFamily> All = [new Wav2Vec2Family(), new WhisperFamily()];

    /// <summary>The network that a checkpoint's configuration describes.</summary>
    /// <exception cref="InvalidFileException">It is of no family that this program knows, or asks for what it does not
    /// know; the message names it.</exception>
    /// <exception cref="InvalidInputException">The options do not fit the family.</exception>
    public static ISpeechNetwork Read(string folder, SpeechOptions options)
    {
        if (File.Exists(Path.Combine(folder, Adapter)))
        {
            throw new InvalidFileException(
                Path.Combine(folder, Adapter),
                null,
                "an adapter",
                "a whole model",
                "merge the adapter into its model with peft's merge_and_unload and save that, or name the model "
                    + "that it adapts"
            );
        }
        using var config = JsonFileReader.Open(
            Path.Combine(folder, "config.json"),
            "a checkpoint's config.json",
            MaxConfigBytes
        );
        var type = config.GetString("model_type");
        var family = All.FirstOrDefault(family => family.ModelTypes.Contains(type))
            ?? throw config.Error(
                $"a model of type '{type}'",
                string.Join(", ", All.SelectMany(family => family.ModelTypes)),
                "name another checkpoint"
            );
        if (config.Contains("quantization_config"))
            throw config.Error(
                "quantization_config",
                "float32, float16 or bfloat16 weights",
                "name the checkpoint it was made from"
            );
        return family.Read(folder, config, options);
    }
}
