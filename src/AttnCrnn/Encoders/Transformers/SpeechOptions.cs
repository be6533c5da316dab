using System.Diagnostics.CodeAnalysis;
using AttnCrnn.Encoders.Transformers.Whisper;

namespace AttnCrnn.Encoders.Transformers;

/// <summary>How a speech encoder is run.</summary>
/// <param name="Layers"><c>last</c>, <c>all</c>, <c>N</c> or <c>A-B</c>; empty: the default of the encoder's
/// family.</param>
public sealed record SpeechOptions(string Layers = "")
{
    /// <summary>As long as the recordings are that these networks have learned from.</summary>
    public const double DefaultChunkSeconds = 30;

    internal const string Int8Suffix = "int8",
        ChunkSuffix = "chunk",
        ClipSuffix = "clip",
        PaddedSuffix = "padded";

    /// <summary>Threads within one clip; clips side by side need one each.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// The longest stretch that goes through the network at once; null: 30 s, or what the network can take where that
    /// is less.
    /// </summary>
    public double? ChunkSeconds { get; init; }

    /// <summary>
    /// The window of a Whisper encoder; null: the clip's own length for these, and nothing to say of others.
    /// </summary>
    public WhisperContext? Context { get; init; }

    /// <summary>Of the transformer's linear layers.</summary>
    public SpeechPrecision Precision { get; init; }

    /// <summary>On an NVIDIA card, where ONNX Runtime's GPU package stands in the other one's place.</summary>
    public bool UseCuda { get; init; }

    /// <summary>All that is wrong with the values.</summary>
    public IEnumerable<string> Errors()
    {
        if (Threads is < 1 or > 1024)
            yield return $"--threads {Threads}: expected 1 to 1024";
        if (ChunkSeconds is not (null or (>= 8 and <= 120)))
            yield return $"--chunk {ChunkSeconds}: expected 8 to 120 seconds; 30 is usual";
    }
}

/// <summary>What the network's arithmetic is made with.</summary>
[SuppressMessage(
    "Naming",
    "CA1720:Identifier contains type name",
    Justification = "The types of numbers are what the option is about."
)]
public enum SpeechPrecision
{
    /// <summary>As the reference.</summary>
    Float32,

    /// <summary>The transformer's linear layers by eight bits: faster, and a few per cent off.</summary>
    Int8,
}
