using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Manifests;

/// <summary>The rows of a manifest, whatever its format.</summary>
/// <param name="Path">The file.</param>
/// <param name="Names">Column names as the file spells them.</param>
/// <param name="Rows">Rows with at least one value.</param>
internal sealed record ManifestTable(string Path, IReadOnlyList<string> Names, IReadOnlyList<CsvRow> Rows)
{
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

    private static bool IsEmpty(CsvRow row)
    {
        foreach (var cell in row.Values)
            if (cell.Length > 0)
                return false;
        return true;
    }
}
