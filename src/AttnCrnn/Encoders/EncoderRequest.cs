using System.Globalization;
using AttnCrnn.Formats;

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
    /// <exception cref="RefusedException">Nobody knows what made them, or the revision is none that this program
    /// writes.</exception>
    public static EncoderRequest For(EncoderDescription of)
    {
        if (of.IsUnknown)
            throw new RefusedException(
                $"the model does not say what made its frames, {of.Width} wide: ask for that encoder by its name"
            );
        var parts = of.Revision.Split('-');
        string? chunk = parts
            .FirstOrDefault(part => part.StartsWith(SpeechOptions.ChunkSuffix, StringComparison.Ordinal))
            ?[SpeechOptions.ChunkSuffix.Length..];
        double? seconds =
            chunk is null ? null
            : double.TryParse(chunk, CultureInfo.InvariantCulture, out var parsed) ? parsed
            : 0;
        if (!(seconds is null or > 0))
            throw new RefusedException(
                $"{of.Name}: revision {InputFile.Quote(of.Revision)} with {InputFile.Quote(chunk!)} for the "
                    + "seconds of a chunk; the model's description is damaged: train or export it again"
            );
        return new(of.Name, of.Layers, !Path.IsPathRooted(of.Name) && HubNames.IsCommit(parts[0]) ? parts[0] : null)
        {
            Speech = new()
            {
                Precision = parts.Contains(SpeechOptions.Int8Suffix) ? SpeechPrecision.EightBits : SpeechPrecision.Full,
                ChunkSeconds = seconds,
                Context = of.Context,
            },
        };
    }
}
