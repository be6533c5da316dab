using System.Globalization;

namespace AttnCrnn.Deployment.Machines;

/// <summary>The key=value lines that a script printed; other lines (a login banner) are ignored.</summary>
internal sealed class KeyValueOutput(string output)
{
    private readonly ILookup<string, string> pairs = output
        .Split('\n')
        .Select(line => line.Trim('\r').Split('=', 2))
        .Where(pair => pair.Length == 2)
        .ToLookup(pair => pair[0].TrimStart(), pair => pair[1]);

    /// <summary>The first value; null if there is none.</summary>
    public string? this[string key] => pairs[key].FirstOrDefault();

    public IEnumerable<string> GetAll(string key) => pairs[key];

    /// <summary>An integer; null if there is none.</summary>
    public long? GetNumber(string key) =>
        long.TryParse(this[key], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
}
