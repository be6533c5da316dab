namespace AttnCrnn.Corpora.Manifests;

/// <summary>Line numbers in notices: the first ones.</summary>
internal static class LineList
{
    private const int MaxLines = 5;

    /// <summary><c>line 9</c>, or <c>lines 9, 12 and 30 more</c>.</summary>
    public static string Format(IEnumerable<ManifestRow> rows)
    {
        int[] lines = [.. rows.Select(row => row.Line)];
        var listed = string.Join(", ", lines.Take(MaxLines));
        return lines.Length == 1 ? $"line {listed}"
            : lines.Length <= MaxLines ? $"lines {listed}"
            : $"lines {listed} and {lines.Length - MaxLines} more";
    }
}
