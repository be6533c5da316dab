using AttnCrnn.Models.Layers;
using AttnCrnn.Models.Networks;
using AttnCrnn.Options;

namespace AttnCrnn.Models;

/// <summary>The versions of the network.</summary>
public enum NetworkVersion
{
    /// <summary>With an attention scale, a residual connection, layer norm, batch norm, and GELU in the head.</summary>
    V2,

    /// <summary>Without them, as the reference Keras implementation.</summary>
    V1,

    /// <summary>V2 with mean and standard deviation over time instead of the mean.</summary>
    V2Statistics,
}

/// <summary>The versions, their names in options, models and runs, and their layers.</summary>
public static class NetworkVersions
{
    // A version is a file in Networks, a member of the enumeration, and one line here.
    private static readonly Entry[] All =
    [
        new("v2", NetworkVersion.V2, "the attention CRNN", V2.Declare)
        {
            Options = [OptionKeys.Pooling, OptionKeys.HeadNorm, OptionKeys.Activation],
        },
        new(
            "v2-stats",
            NetworkVersion.V2Statistics,
            "v2 with mean and standard deviation over time",
            V2Statistics.Declare
        )
        {
            Options = [OptionKeys.HeadNorm, OptionKeys.Activation],
        },
        new("v1", NetworkVersion.V1, "its predecessor, which has its own defaults", V1.Declare),
    ];

    /// <summary>The versions by name.</summary>
    internal static (string Name, NetworkVersion Version)[] Names { get; } =
    [.. All.Select(entry => (entry.Name, entry.Version))];

    /// <summary>The name of a version: <c>v2</c>.</summary>
    public static string Format(NetworkVersion version) => Find(version).Name;

    /// <summary>Names and descriptions of all versions, for help texts.</summary>
    internal static string Describe() => string.Join("; ", All.Select(entry => $"{entry.Name}, {entry.Description}"));

    /// <summary>Whether a network has an option of its layers.</summary>
    internal static bool HasOption(NetworkVersion version, OptionKey key) => Find(version).Options.Contains(key);

    /// <summary>The networks that have an option of their layers: <c>v2 or v2-stats</c>.</summary>
    internal static string ListWithOption(OptionKey key) =>
        string.Join(" or ", All.Where(entry => entry.Options.Contains(key)).Select(entry => entry.Name));

    /// <summary>The layers of a network.</summary>
    internal static NetworkDeclaration Declare(NetworkOptions options) =>
        new(options.FrameWidth, [.. Find(options.Version).Declare(options)]);

    /// <summary>
    /// Every version with every pooling, those with the default pooling first; some have the same layers.
    /// </summary>
    internal static IEnumerable<(NetworkVersion Version, TemporalPooling Pooling)> ListStructures() =>
        TemporalPoolings.All.SelectMany(_ => All, (row, entry) => (entry.Version, row.Pooling));

    /// <summary>
    /// The same layers as those of the first version that has them, if possible with all parts and without an option.
    /// </summary>
    /// <param name="options">Options as read from a file, of any version.</param>
    internal static NetworkOptions Canonicalize(NetworkOptions options)
    {
        var layers = ListLayers(options);
        var candidates = ListStructures()
            .Select(structure =>
                options with
                {
                    Version = structure.Version,

                    Pooling = structure.Pooling,
                }
            )
            .ToList();
        return candidates.Find(candidate => ListLayers(candidate.WithAllParts()).SequenceEqual(layers))
            ?? candidates.Find(candidate => ListLayers(candidate).SequenceEqual(layers))
            ?? options;
    }

    private static IEnumerable<LayerDeclaration> ListLayers(NetworkOptions options) =>
        Find(options.Version).Declare(options);

    private static Entry Find(NetworkVersion version) =>
        Array.Find(All, entry => entry.Version == version)
        ?? throw new ArgumentOutOfRangeException(nameof(version), version, "is not a version of the network");

    private sealed record Entry(
        string Name,
        NetworkVersion Version,
        string Description,
        Func<NetworkOptions, IEnumerable<LayerDeclaration>> Declare
    )
    {
        /// <summary>The options of train that its declaration takes.</summary>
        public IReadOnlyList<OptionKey> Options { get; init; } = [];
    }
}
