using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace AttnCrnn.IO;

/// <summary>One row of a table.</summary>
/// <param name="Line">Line number in the file, from 1, for messages.</param>
/// <param name="Cells">Values by column name in lower case.</param>
internal sealed record CsvRow(int Line, IReadOnlyDictionary<string, string> Cells)
{
    /// <summary>The cell of a column (lower-case name); empty if the table has no such column.</summary>
    public string this[string column] => Cells.GetValueOrDefault(column, "");
}

/// <summary>
/// A CSV file as strings: comma, semicolon or tab delimited, optional byte order mark, RFC 4180 quoting.
/// </summary>
internal sealed class CsvTable
{
    private const long MaxBytes = 256L << 20;
    private const int MaxCellLength = 1 << 16;

    private CsvTable(IReadOnlyList<string> columns, IReadOnlyList<CsvRow> rows)
    {
        Columns = columns;
        Rows = rows;
    }

    /// <summary>Column names in lower case, in file order.</summary>
    public IReadOnlyList<string> Columns { get; }

    public IReadOnlyList<CsvRow> Rows { get; }

    /// <exception cref="InvalidFileException">
    /// The file is missing, too large, has no header, or has an unclosed quote.
    /// </exception>
    public static CsvTable Read(string path)
    {
        using var stream = InputFile.Open(path, "a CSV table");
        if (stream.Length > MaxBytes)
            throw new InvalidFileException(
                path,
                null,
                $"{stream.Length} bytes",
                $"a table of at most {MaxBytes}",
                "split it"
            );
        using var reader = new StreamReader(
            stream,
            new UTF8Encoding(false, throwOnInvalidBytes: true),
            detectEncodingFromByteOrderMarks: true
        );
        var header = reader.ReadLine() ?? "";
        stream.Position = 0;
        reader.DiscardBufferedData();
        var line = 1;
        try
        {
            using var csv = new CsvReader(
                reader,
                new CsvConfiguration(CultureInfo.InvariantCulture)
                {
                    Delimiter =
                        header.Contains('\t') ? "\t"
                        : header.Contains(';') && !header.Contains(',') ? ";"
                        : ",",
                    BadDataFound = invalid =>
                        throw new InvalidFileException(
                            path,
                            null,
                            $"'{Truncate(invalid.Field)}' in line {line + 1}",
                            "a cell with closed quotes",
                            "correct the line"
                        ),
                    TrimOptions = TrimOptions.Trim,
                    IgnoreBlankLines = true,
                    MaxFieldSize = MaxCellLength,
                }
            );
            if (!csv.Read() || !csv.ReadHeader() || csv.HeaderRecord is not { Length: > 0 } names)
                throw new InvalidFileException(path, 0, "no header", "column names in the first line", "add them");
            string[] columns = [.. names.Select(name => name.Trim().ToLowerInvariant())];
            if (columns.Distinct().Count() != columns.Length)
                throw new InvalidFileException(
                    path,
                    0,
                    $"columns {string.Join(", ", columns)}",
                    "different names",
                    "rename one"
                );
            var rows = new List<CsvRow>();
            while (csv.Read())
            {
                line = csv.Parser.RawRow;
                if (csv.Parser.Count != columns.Length)
                    throw new InvalidFileException(
                        path,
                        null,
                        $"{csv.Parser.Count} cells in line {line}",
                        $"{columns.Length} as in the header",
                        "correct the line"
                    );
                rows.Add(
                    new(
                        line,
                        columns
                            .Select((name, i) => (Name: name, Value: csv.Parser[i]))
                            .ToDictionary(cell => cell.Name, cell => cell.Value)
                    )
                );
            }
            return new(columns, rows);
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidFileException(
                path,
                null,
                $"invalid UTF-8 near line {line}",
                "a table in UTF-8",
                "save it as UTF-8"
            );
        }
        catch (CsvHelperException exception)
        {
            throw new InvalidFileException(
                path,
                null,
                exception is MaxFieldSizeException
                    ? $"a cell of more than {MaxCellLength} characters"
                    : "malformed cells",
                "a CSV table",
                $"correct it near line {line}"
            );
        }
    }

    /// <summary>Writes a table atomically.</summary>
    public static void Write(string path, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows) =>
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true)
            {
                NewLine = "\n",
            };
            using var csv = new CsvWriter(
                writer,
                new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" },
                leaveOpen: true
            );
            foreach (var row in rows.Prepend(columns))
            {
                foreach (var cell in row)
                    csv.WriteField(cell);
                csv.NextRecord();
            }
        });

    private static string Truncate(string? text) =>
        text is null ? ""
        : text.Length > 60 ? text[..60] + "…"
        : text;
}
