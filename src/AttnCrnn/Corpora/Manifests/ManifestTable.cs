using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Manifests;

/// <summary>The rows of a manifest, whatever its format.</summary>
/// <param name="Path">The file.</param>
/// <param name="Names">Column names as the file spells them.</param>
/// <param name="Rows">Rows with at least one value.</param>
internal sealed record ManifestTable(string Path, IReadOnlyList<string> Names, IReadOnlyList<CsvRow> Rows)
{
    /// <summary>Cells that are lists or objects, which only JSON has.</summary>
    public IReadOnlyList<NestedCell> Nested { get; init; } = [];

    /// <summary>Name of the file, for notices.</summary>
    public string FileName => System.IO.Path.GetFileName(Path);

    /// <summary>Reads JSON where the extension says so, otherwise delimited cells.</summary>
    /// <exception cref="InvalidFileException">The file is invalid.</exception>
    public static ManifestTable Read(string path)
    {
        if (ManifestFile.IsJson(path))
            return JsonTable.Read(path);
        var table = CsvTable.Read(path);
        // Spreadsheets write rows of separators alone.
        return new(path, table.Names, [.. table.Rows.Where(row => !IsEmpty(row))]);
    }

    /// <summary>Refuses lists and objects in columns that are used.</summary>
    /// <param name="columns">In lower case.</param>
    /// <exception cref="InvalidFileException">There is one; the message has its line.</exception>
    public void RequireTexts(IEnumerable<string> columns)
    {
        var used = columns.ToHashSet(StringComparer.Ordinal);
        if (Nested.FirstOrDefault(cell => used.Contains(cell.Column)) is { } cell)
            throw new InvalidFileException(
                Path,
                null,
                $"{cell.Text} as {cell.Column} in line {cell.Line}",
                "a text or a number",
                "write one value; several labels of a clip are votes: a field for each class, with its number"
            );
    }

    private static bool IsEmpty(CsvRow row)
    {
        foreach (var cell in row.Values)
            if (cell.Length > 0)
                return false;
        return true;
    }
}

/// <summary>A list or an object in place of a text.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">In lower case.</param>
/// <param name="Text">Its beginning, for messages.</param>
internal sealed record NestedCell(int Line, string Column, string Text);
