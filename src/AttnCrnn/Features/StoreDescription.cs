using System.Diagnostics.CodeAnalysis;
using AttnCrnn.Encoders;

namespace AttnCrnn.Features;

/// <summary>Storage format of frames.</summary>
public enum StoreFormat
{
    /// <summary>Shards of many clips.</summary>
    Store,

    /// <summary>One .npz file per clip.</summary>
    Npz,
}

/// <summary>Precision of stored frames.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The option selects a number type.")]
public enum StorePrecision
{
    /// <summary>
    /// 11 significant bits, up to 65504: half the size, with an error far below the encoders' variability.
    /// </summary>
    Float16,

    /// <summary>Full precision.</summary>
    Float32,
}

/// <summary>
/// Encoder and storage format of a store: the content of <c>store.json</c>. Holds no statistics of clips.
/// </summary>
/// <param name="Encoder">Encoder of the frames.</param>
/// <param name="Precision">Precision of shards; .npz files always have float32.</param>
/// <param name="Format">Shards, or one .npz file per clip.</param>
public sealed record StoreDescription(EncoderDescription Encoder, StorePrecision Precision, StoreFormat Format)
{
    /// <summary>File that marks a folder as a store.</summary>
    public const string FileName = "store.json";
}
