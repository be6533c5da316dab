using System.Globalization;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.HuggingFace;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders;

/// <summary>Which encoder, as it is asked for.</summary>
/// <param name="Name">whisper-tiny.en, log-mel, a repository of the Hugging Face hub, or a folder.</param>
/// <param name="Layers">Which layers of a speech model; empty: the default of its family.</param>
/// <param name="Revision">A branch, tag or commit of the repository; null: main.</param>
public sealed record EncoderRequest(string Name = EncoderCatalog.Default, string Layers = "", string? Revision = null)
{
    /// <summary>How a speech model is run, but for its layers.</summary>
    public SpeechOptions Speech { get; init; } = new();

    /// <summary>
    /// The request that made frames of this description, so that recordings can be turned into the same.
    /// </summary>
    /// <exception cref="InvalidInputException">Nobody knows what made them, or the revision is none that this program
    /// writes.</exception>
    public static EncoderRequest FromDescription(EncoderDescription encoderDescription)
    {
        if (encoderDescription.IsUnknown)
            throw new InvalidInputException(
                $"the model does not say what made its frames, {encoderDescription.Width} wide: ask for that encoder by its name"
            );
        var parts = encoderDescription.Revision.Split('-');
        string? chunk = parts
            .FirstOrDefault(part => part.StartsWith(SpeechOptions.ChunkSuffix, StringComparison.Ordinal))
            ?[SpeechOptions.ChunkSuffix.Length..];
        double? seconds =
            chunk is null ? null
            : double.TryParse(chunk, CultureInfo.InvariantCulture, out var parsed) ? parsed
            : 0;
        if (!(seconds is null or > 0))
            throw new InvalidInputException(
                $"{encoderDescription.Name}: revision {InputFile.Quote(encoderDescription.Revision)} with {InputFile.Quote(chunk!)} for the "
                    + "seconds of a chunk; the model's description is damaged: train or export it again"
            );
        return new(
            encoderDescription.Name,
            encoderDescription.Layers,
            !Path.IsPathRooted(encoderDescription.Name) && HubNames.IsCommit(parts[0]) ? parts[0] : null
        )
        {
            Speech = new()
            {
                Precision = parts.Contains(SpeechOptions.Int8Suffix) ? SpeechPrecision.Int8 : SpeechPrecision.Float32,
                ChunkSeconds = seconds,
                Context = encoderDescription.Context,
            },
        };
    }
}
