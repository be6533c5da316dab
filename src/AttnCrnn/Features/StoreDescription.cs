using System.Diagnostics.CodeAnalysis;
using AttnCrnn.Encoders;

namespace AttnCrnn.Features;

/// <summary>How frames are kept.</summary>
public enum StoreFormat
{
    /// <summary>Shards of many clips.</summary>
    Store,

    /// <summary>The original's way: one .npz a clip.</summary>
    Npz,
}

/// <summary>How exactly frames are kept.</summary>
[SuppressMessage(
    "Naming",
    "CA1720:Identifier contains type name",
    Justification = "The types of numbers are what the option is about."
)]
public enum StorePrecision
{
    /// <summary>11 bits of each number, up to 65504: half the space, and far finer than the encoders' own noise.</summary>
    Float16,

    /// <summary>Every bit.</summary>
    Float32,
}

/// <summary>What made a store's frames and how they are kept: the content of <c>store.json</c>. Never statistics of clips.</summary>
/// <param name="Encoder">What made the frames.</param>
/// <param name="Precision">Of shards; an .npz always has float32.</param>
/// <param name="Format">Shards, or one .npz a clip.</param>
public sealed record StoreDescription(EncoderDescription Encoder, StorePrecision Precision, StoreFormat Format)
{
    /// <summary>The file that makes a folder a store.</summary>
    public const string FileName = "store.json";
}
