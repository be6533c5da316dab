using System.Globalization;

namespace AttnCrnn.Deployment.Machines;

/// <summary>The key=value lines that a script printed; other lines (a login banner) are ignored.</summary>
internal sealed class PrintedPairs(string printed)
{
    private readonly ILookup<string, string> pairs = printed
        .Split('\n')
        .Select(line => line.Trim('\r').Split('=', 2))
        .Where(pair => pair.Length == 2)
        .ToLookup(pair => pair[0].TrimStart(), pair => pair[1]);

    /// <summary>The first value; null if there is none.</summary>
    public string? this[string key] => pairs[key].FirstOrDefault();

    public IEnumerable<string> All(string key) => pairs[key];

    /// <summary>An integer; null if there is none.</summary>
    public long? Number(string key) =>
        long.TryParse(this[key], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
}
