using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Options;

namespace AttnCrnn.Encoders.Spectrograms;

/// <summary>The log-mel spectrogram: no checkpoint, no layers, no weights.</summary>
internal sealed class LogMelFamily : INamedFamily
{
    public string Name => LogMelEncoder.Name;

    public string TrainingDefaultsName => Name;

    public string? DefaultLayersHelp => null;

    public bool Describes(EncoderDescription description) => description.Name == LogMelEncoder.Name;

    public bool HasName(string name) =>
        name.Equals(LogMelEncoder.Name, StringComparison.OrdinalIgnoreCase)
        || name.Equals("logmel", StringComparison.OrdinalIgnoreCase);

    public IEncoder Open(EncoderRequest request)
    {
        if (request.Layers.Length > 0)
            throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.Layers} {request.Layers}: {Name} is a spectrogram and has no layers; "
                        + $"omit {OptionKeys.Layers}"
                )
            );
        if (request.Speech.Precision != SpeechPrecision.Float32)
            throw new InvalidInputException(
                OptionText.Create($"{OptionKeys.Precision}: {Name} has no weights; omit {OptionKeys.Precision}")
            );
        if (request.Speech.UseCuda)
            throw new InvalidInputException(
                OptionText.Create($"{OptionKeys.Device} cuda: {Name} is computed on the CPU; omit {OptionKeys.Device}")
            );
        if (request.Speech.ChunkSeconds is { } seconds)
            throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.Chunk} {seconds}: {Name} processes recordings of any length at once; "
                        + $"omit {OptionKeys.Chunk}"
                )
            );
        if (request.Speech.Context is not null)
            throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.WhisperContext}: {Name} is a spectrogram, not a Whisper encoder; omit the option"
                )
            );
        return new LogMelEncoder();
    }
}
