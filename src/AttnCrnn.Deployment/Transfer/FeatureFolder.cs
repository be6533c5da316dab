using System.Globalization;

namespace AttnCrnn.Deployment.Transfer;

/// <summary>A remote feature folder.</summary>
public sealed record FeatureFolder(string Name, long Files, long Bytes)
{
    // "3 120 data/features-1a2b3c4d": files, KiB, name.
    internal static FeatureFolder Parse(string text)
    {
        var parts = text.Split(' ', 3);
        return new(
            parts[^1],
            long.Parse(parts[0], CultureInfo.InvariantCulture),
            long.Parse(parts[1], CultureInfo.InvariantCulture) * 1024
        );
    }
}
