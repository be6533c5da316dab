using AttnCrnn.Models.Layers;

namespace AttnCrnn.Models;

/// <summary>How the frames of a clip become one vector.</summary>
public enum TemporalPooling
{
    /// <summary>The mean.</summary>
    Mean,

    /// <summary>The mean and the standard deviation.</summary>
    Statistics,

    /// <summary>The mean weighted by a learned attention.</summary>
    Attentive,
}

/// <summary>
/// The poolings: a new one is its file in Layers, its value of <see cref="TemporalPooling"/> and its line in the table.
/// </summary>
internal static class TemporalPoolings
{
    private static readonly (string Name, TemporalPooling Pooling, Func<LayerDeclaration> Declare)[] Table =
    [
        ("mean", TemporalPooling.Mean, () => new MeanOverTimeDeclaration()),
        ("statistics", TemporalPooling.Statistics, () => new StatisticsOverTimeDeclaration()),
        ("attentive", TemporalPooling.Attentive, () => new AttentivePoolingDeclaration()),
    ];

    /// <summary>All poolings by name, in the order of the help.</summary>
    public static (string Name, TemporalPooling Pooling)[] All { get; } =
    [.. Table.Select(row => (row.Name, row.Pooling))];

    /// <summary>The layer: [B, T, W] to [B, W], or to [B, 2 W] for statistics.</summary>
    public static LayerDeclaration Declare(TemporalPooling pooling) =>
        Array.Find(Table, row => row.Pooling == pooling).Declare();

    /// <summary>The name of a pooling.</summary>
    public static string Format(TemporalPooling pooling) => Array.Find(Table, row => row.Pooling == pooling).Name;
}
