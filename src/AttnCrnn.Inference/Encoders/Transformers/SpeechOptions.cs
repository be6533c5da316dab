using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using AttnCrnn.Numerics.Threading;
using AttnCrnn.Options;

namespace AttnCrnn.Encoders.Transformers;

/// <summary>Options of a speech encoder.</summary>
/// <param name="Layers"><c>last</c>, <c>all</c>, <c>N</c> or <c>A-B</c>; empty: the default of the family.</param>
public sealed record SpeechOptions(string Layers = "")
{
    /// <summary>The length of the recordings that these networks were trained on.</summary>
    public const double DefaultChunkSeconds = 30;

    internal const string Int8Suffix = "int8";
    internal const string ChunkSuffix = "chunk";
    internal const string ClipSuffix = "clip";
    internal const string PaddedSuffix = "padded";

    /// <summary>Threads per clip; use 1 when clips are encoded in parallel.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Maximum length of a chunk; null: 30 s, or the network's maximum if that is less.</summary>
    public double? ChunkSeconds { get; init; }

    /// <summary>
    /// What an encoder with a window of a fixed length gets, as Whisper has one; null: the default of its family.
    /// Invalid for other encoders.
    /// </summary>
    public EncoderContext? Context { get; init; }

    /// <summary>Precision of the transformer's linear layers.</summary>
    public SpeechPrecision Precision { get; init; }

    /// <summary>Use an NVIDIA GPU; requires ONNX Runtime's GPU package instead of the CPU package.</summary>
    public bool UseCuda { get; init; }

    /// <summary>All validation errors.</summary>
    public IEnumerable<OptionError> Errors()
    {
        if (ThreadCount.Validate(Threads) is { } error)
            yield return error;
        if (ChunkSeconds is not (null or (>= 8 and <= 120)))
            yield return new(
                OptionKeys.Chunk,
                string.Create(CultureInfo.InvariantCulture, $"{ChunkSeconds}"),
                "expected 8 to 120 seconds; 30 is usual"
            );
    }
}

/// <summary>Numeric precision of the network.</summary>
[SuppressMessage(
    "Naming",
    "CA1720:Identifier contains type name",
    Justification = "The option selects a numeric type."
)]
public enum SpeechPrecision
{
    /// <summary>As in the reference implementation.</summary>
    Float32,

    /// <summary>
    /// The transformer's linear layers are quantized to int8: faster, with an error of a few percent.
    /// </summary>
    Int8,
}
