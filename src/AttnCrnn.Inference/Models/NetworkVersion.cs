using AttnCrnn.Models.Layers;
using AttnCrnn.Models.Networks;

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
        new("v2", NetworkVersion.V2, "the attention CRNN", V2.Declare),
        new(
            "v2-stats",
            NetworkVersion.V2Statistics,
            "v2 with mean and standard deviation over time",
            V2Statistics.Declare
        ),
        new("v1", NetworkVersion.V1, "its predecessor, which has its own defaults", V1.Declare),
    ];

    /// <summary>The versions by name.</summary>
    internal static (string Name, NetworkVersion Version)[] Names { get; } =
    [.. All.Select(entry => (entry.Name, entry.Version))];

    /// <summary>The name of a version: <c>v2</c>.</summary>
    public static string Format(NetworkVersion version) => Find(version).Name;

    /// <summary>Names and descriptions of all versions, for help texts.</summary>
    internal static string Describe() => string.Join("; ", All.Select(entry => $"{entry.Name}, {entry.Description}"));

    /// <summary>The layers of a network.</summary>
    internal static NetworkDeclaration Declare(NetworkOptions options) =>
        new(options.FrameWidth, [.. Find(options.Version).Declare(options)]);

    /// <summary>The same layers as those of the first version that has them.</summary>
    /// <param name="options">Options as read from a file, of any version.</param>
    internal static NetworkOptions Canonicalize(NetworkOptions options)
    {
        var layers = ListLayers(options);
        var match = Array.Find(All, entry =>
            ListLayers(options.WithAllParts() with { Version = entry.Version }).SequenceEqual(layers)
        );
        return match is null ? options : options with { Version = match.Version };
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
    );
}
