using AttnCrnn.Models.Layers;

namespace AttnCrnn.Models;

/// <summary>Normalization of the hidden dense layer, before its activation.</summary>
public enum HeadNormalization
{
    /// <summary>Batch norm: each unit over the batch.</summary>
    Batch,

    /// <summary>Layer norm: each clip over its units.</summary>
    Layer,

    /// <summary>None.</summary>
    None,
}

/// <summary>
/// The normalizations: a new one is its file in Layers, its value of <see cref="HeadNormalization"/> and its line in
/// the table.
/// </summary>
internal static class HeadNormalizations
{
    private static readonly (string Name, HeadNormalization Normalization, Func<LayerDeclaration[]> Declare)[] Table =
    [
        ("batch", HeadNormalization.Batch, () => [new BatchNormDeclaration()]),
        ("layer", HeadNormalization.Layer, () => [new LayerNormDeclaration()]),
        ("none", HeadNormalization.None, () => []),
    ];

    /// <summary>All normalizations by name, in the order of the help.</summary>
    public static (string Name, HeadNormalization Normalization)[] All { get; } =
    [.. Table.Select(row => (row.Name, row.Normalization))];

    /// <summary>The layer, or none.</summary>
    public static LayerDeclaration[] Declare(HeadNormalization normalization) =>
        Array.Find(Table, row => row.Normalization == normalization).Declare();

    /// <summary>The name of a normalization.</summary>
    public static string Format(HeadNormalization normalization) =>
        Array.Find(Table, row => row.Normalization == normalization).Name;
}
