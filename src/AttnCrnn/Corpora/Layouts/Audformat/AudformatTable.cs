using AttnCrnn.Corpora.Manifests;
using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Layouts.Audformat;

/// <summary>A table as the header describes it.</summary>
internal sealed record AudformatTable(string Name)
{
    private static readonly string[] SexColumns = ["gender", "sex"];

    /// <summary>Names of the index columns: file; file, start and end; or the levels of a misc table.</summary>
    public required IReadOnlyList<string> Index { get; init; }

    public required string? SplitId { get; init; }

    public required IReadOnlyList<AudformatColumn> Columns { get; init; }

    public bool IsSegmented => Index.Count == 3 && Index[0] == "file";

    /// <summary>The column with the label; null: the table has none.</summary>
    public AudformatColumn? Label =>
        Columns.FirstOrDefault(column => column.Name == "emotion")
        ?? Columns.FirstOrDefault(column => column.Scheme == "emotion")
        ?? Columns.FirstOrDefault(column => column.Name == "label");

    public AudformatColumn? Speaker =>
        Columns.FirstOrDefault(column => column.Name == "speaker")
        ?? Columns.FirstOrDefault(column => column.Scheme == "speaker");

    public AudformatColumn? Sex => Columns.FirstOrDefault(column => SexColumns.Contains(column.Name));

    /// <summary>Name of the file in the database's folder.</summary>
    public string FileName => $"db.{Name}.csv";

    /// <summary>
    /// Reads the rows; as in audformat, the names of the columns are those of the header, in its order.
    /// </summary>
    /// <exception cref="InvalidFileException">The file is missing, invalid, or has other columns.</exception>
    public IReadOnlyList<AudformatRow> Read(string folder)
    {
        var path = System.IO.Path.Combine(folder, FileName);
        ParquetTable.RefuseUnlessCopied(
            ((string[])[System.IO.Path.ChangeExtension(path, ".parquet")]).Where(File.Exists),
            File.Exists(path) ? [path] : [],
            FileName,
            index: true
        );
        var table = CsvTable.Read(path);
        string[] names = [.. Index, .. Columns.Select(column => column.Name)];
        if (table.Columns.Count != names.Length)
            throw new InvalidFileException(
                path,
                0,
                $"{table.Columns.Count} columns",
                $"{names.Length} as in db.yaml ({string.Join(", ", names)})",
                "write the database again with audformat"
            );
        return
        [
            .. table.Rows.Select(row => new AudformatRow(
                path,
                row,
                Enumerable
                    .Range(0, names.Length)
                    .ToDictionary(i => names[i], i => table.Columns[i], StringComparer.Ordinal)
            )),
        ];
    }
}

/// <summary>A row of a table.</summary>
/// <param name="Path">The table's file.</param>
/// <param name="Cells">By the names in the file.</param>
/// <param name="FileNames">Names in the file by the names in the header.</param>
internal sealed record AudformatRow(string Path, CsvRow Cells, IReadOnlyDictionary<string, string> FileNames)
{
    public int Line => Cells.Line;

    /// <summary>The cell of a column; empty if the table has no such column.</summary>
    public string this[string column] => FileNames.TryGetValue(column, out var name) ? Cells[name] : "";

    /// <summary>A time in seconds; null: empty.</summary>
    /// <exception cref="InvalidFileException">The cell is not a time.</exception>
    public double? GetSeconds(string column) =>
        FileNames.TryGetValue(column, out var name)
            ? new CsvCells(Path, Cells, "a time such as 0 days 00:00:01.25", "write the table again").Parse(
                name,
                ManifestTime.Parse
            )
            : null;
}
