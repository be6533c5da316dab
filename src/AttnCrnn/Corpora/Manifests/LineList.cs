using System.Globalization;

namespace AttnCrnn.Corpora.Manifests;

/// <summary>Line numbers in notices: the first ones.</summary>
internal static class LineList
{
    private const int MaxLines = 5;

    /// <summary><c>line 9</c>, or <c>lines 9, 12 and 30 more</c>.</summary>
    public static string Format(IEnumerable<ManifestRow> rows)
    {
        string[] lines = [.. rows.Select(row => row.Line.ToString(CultureInfo.InvariantCulture))];
        return $"{(lines.Length == 1 ? "line" : "lines")} {ShortList.Format(lines, MaxLines)}";
    }
}
