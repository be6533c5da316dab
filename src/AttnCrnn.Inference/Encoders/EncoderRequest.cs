using System.Globalization;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.HuggingFace;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders;

/// <summary>Selects an encoder.</summary>
/// <param name="Name">whisper-tiny.en, log-mel, a Hugging Face repository, or a checkpoint folder.</param>
/// <param name="Layers">Layers of a speech model; empty: the default of its family.</param>
/// <param name="Revision">A branch, tag or commit of the repository; null: main.</param>
public sealed record EncoderRequest(string Name = EncoderCatalog.Default, string Layers = "", string? Revision = null)
{
    /// <summary>Options of a speech model, except its layers.</summary>
    public SpeechOptions Speech { get; init; } = new();

    /// <summary>Creates the request that reproduces the frames of a description.</summary>
    /// <exception cref="InvalidInputException">The encoder is unknown, or the revision is invalid.</exception>
    public static EncoderRequest FromDescription(EncoderDescription description)
    {
        if (description.IsUnknown)
            throw new InvalidInputException(
                "the model does not record its encoder (its frames have the feature dimension "
                    + $"{description.Width}): specify the encoder by name"
            );
        var parts = description.Revision.Split('-');
        string? chunk = parts
            .FirstOrDefault(part => part.StartsWith(SpeechOptions.ChunkSuffix, StringComparison.Ordinal))
            ?[SpeechOptions.ChunkSuffix.Length..];
        double? seconds =
            chunk is null ? null
            : double.TryParse(chunk, CultureInfo.InvariantCulture, out var chunkSeconds) ? chunkSeconds
            : 0;
        if (seconds is not (null or > 0))
            throw new InvalidInputException(
                $"{description.Name}: revision {InputFile.Quote(description.Revision)} "
                    + $"with {InputFile.Quote(chunk!)} for the seconds of a chunk; "
                    + "the model's description is damaged: train or export it again"
            );
        return new(
            description.Name,
            description.Layers,
            !Path.IsPathRooted(description.Name) && HubNames.IsCommit(parts[0]) ? parts[0] : null
        )
        {
            Speech = new()
            {
                Precision = parts.Contains(SpeechOptions.Int8Suffix) ? SpeechPrecision.Int8 : SpeechPrecision.Float32,
                ChunkSeconds = seconds,
                Context = description.Context,
            },
        };
    }
}
