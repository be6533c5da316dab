using AttnCrnn.Corpora.Manifests;
using AttnCrnn.Corpora.Splits;

namespace AttnCrnn.Corpora;

/// <summary>
/// Reads and writes clips as tables: CSV and TSV as programs and spreadsheets write them, and JSON lines. Of their
/// columns only that of the recordings is required; docs/corpora.md has their names. Paths are relative to the table.
/// </summary>
public static class Manifest
{
    /// <summary>Reads a manifest's clips, one per row; a clip may be listed more than once.</summary>
    /// <exception cref="InvalidFileException">
    /// A column is missing, or a cell is invalid; the message gives the line.
    /// </exception>
    public static IReadOnlyList<Clip> Read(string path) =>
        [.. ManifestReader.ReadRows(path, notices: []).Select(row => row.Clip)];

    /// <summary>
    /// Writes a manifest with commas, or with tabs if its name ends in .tsv; paths below the table's folder are
    /// relative to it, others absolute.
    /// </summary>
    /// <exception cref="InvalidInputException">The name is not one of a table (.csv, .tsv, .tab or .txt).</exception>
    /// <param name="speechSeconds">
    /// [clips] seconds of speech, for a column that readers ignore; null where unknown. null: no column.
    /// </param>
    public static void Write(string path, IEnumerable<Clip> clips, IReadOnlyList<double?>? speechSeconds = null) =>
        ManifestWriter.Write(path, [.. clips], speechSeconds);

    /// <summary>Whether a file's name is one of a table, which <see cref="Write"/> writes.</summary>
    public static bool CanWrite(string path) => ManifestFile.IsTable(path);

    /// <summary>Name of a subset in tables; empty for null.</summary>
    public static string GetName(Subset? subset) =>
        subset switch
        {
            Subset.Train => "train",
            Subset.Validation => "val",
            Subset.Test => "test",
            _ => "",
        };

    /// <summary>Parses a subset; null for an empty cell, a missing value, and for Test2 and Test3.</summary>
    /// <exception cref="FormatException">The cell is not a subset.</exception>
    public static Subset? ParseSubset(string cell) => ManifestSplit.Parse(cell);
}
