namespace AttnCrnn.Encoders;

/// <summary>Which encoder, as it is asked for.</summary>
/// <param name="Name">log-mel, a repository of the Hugging Face hub, or a folder.</param>
/// <param name="Layers">Which layers of a speech model; empty: the default.</param>
/// <param name="Revision">A branch, tag or commit of the repository; null: main.</param>
public sealed record EncoderRequest(string Name = EncoderCatalog.Default, string Layers = "", string? Revision = null)
{
    /// <summary>Threads within one clip; clips side by side need one each.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The longest stretch of a recording that goes through a speech model at once.</summary>
    public double ChunkSeconds { get; init; } = SpeechOptions.DefaultChunkSeconds;

    public SpeechPrecision Precision { get; init; }

    /// <summary>On an NVIDIA card, where ONNX Runtime's GPU package stands in the other one's place.</summary>
    public bool OnCuda { get; init; }

    /// <summary>The request that made frames of this description, so that recordings can be turned into the same.</summary>
    public static EncoderRequest For(EncoderDescription of)
    {
        var parts = of.Revision.Split('-');
        return new(of.Name, of.Layers, HubNames.IsCommit(parts[0]) ? parts[0] : null)
        {
            Precision = parts.Contains(SpeechOptions.Int8Suffix) ? SpeechPrecision.EightBits : SpeechPrecision.Full,
            ChunkSeconds = parts.FirstOrDefault(part => part.StartsWith(SpeechOptions.ChunkSuffix, StringComparison.Ordinal)) is { } chunk
                ? double.Parse(chunk[SpeechOptions.ChunkSuffix.Length..], System.Globalization.CultureInfo.InvariantCulture) : SpeechOptions.DefaultChunkSeconds,
        };
    }
}
