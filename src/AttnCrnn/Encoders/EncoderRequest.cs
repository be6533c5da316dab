using System.Globalization;

namespace AttnCrnn.Encoders;

/// <summary>Which encoder, as it is asked for.</summary>
/// <param name="Name">log-mel, a repository of the Hugging Face hub, or a folder.</param>
/// <param name="Layers">Which layers of a speech model; empty: the default.</param>
/// <param name="Revision">A branch, tag or commit of the repository; null: main.</param>
public sealed record EncoderRequest(string Name = EncoderCatalog.Default, string Layers = "", string? Revision = null)
{
    /// <summary>How a speech model is run, but for its layers.</summary>
    public SpeechOptions Speech { get; init; } = new();

    /// <summary>The request that made frames of this description, so that recordings can be turned into the same.</summary>
    public static EncoderRequest For(EncoderDescription of)
    {
        var parts = of.Revision.Split('-');
        var chunk = parts.FirstOrDefault(part => part.StartsWith(SpeechOptions.ChunkSuffix, StringComparison.Ordinal));
        return new(of.Name, of.Layers, HubNames.IsCommit(parts[0]) ? parts[0] : null)
        {
            Speech = new()
            {
                Precision = parts.Contains(SpeechOptions.Int8Suffix) ? SpeechPrecision.EightBits : SpeechPrecision.Full,
                ChunkSeconds = chunk is null ? SpeechOptions.DefaultChunkSeconds : double.Parse(chunk[SpeechOptions.ChunkSuffix.Length..], CultureInfo.InvariantCulture),
            },
        };
    }
}
