using System.Buffers;
using System.Text;

namespace AttnCrnn.IO;

/// <summary>
/// A CSV file as strings: comma, semicolon or tab delimited, in any Unicode encoding, RFC 4180 quoting. Cells without a
/// column name, as those of pandas' index, are left out.
/// </summary>
internal sealed class CsvTable
{
    private const int MaxBytes = 256 << 20;
    private const string Expected = "a CSV table";
    private static readonly SearchValues<char> QuotedCharacters = SearchValues.Create("\"\r\n");

    private CsvTable(IReadOnlyList<string> names, IReadOnlyList<CsvRow> rows)
    {
        Names = names;
        Columns = [.. names.Select(name => name.ToLowerInvariant())];
        Rows = rows;
    }

    /// <summary>Column names as the file spells them, in its order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Column names in lower case, in file order.</summary>
    public IReadOnlyList<string> Columns { get; }

    public IReadOnlyList<CsvRow> Rows { get; }

    /// <exception cref="InvalidFileException">
    /// The file is missing, too large, not text, has no header, an unclosed quote, or a row of another length.
    /// </exception>
    public static CsvTable Read(string path)
    {
        var text = TextFile.Read(path, Expected, MaxBytes);
        var dialect = CsvDialect.Find(text);
        var parser = new CsvParser(text, dialect.Start, dialect.FirstLine, dialect.Delimiter);
        List<string> header = [];
        if (!parser.Read(header) || CsvDialect.CountNamed(header) == 0)
            throw CreateSyntaxError(path, parser)
                ?? new InvalidFileException(path, 0, "no header", "column names in the first line", "add them");
        header = [.. header.Select(name => name.Trim())];
        var indexes = IndexColumns(path, header);
        var rows = new List<CsvRow>();
        List<string> cells = [];
        while (parser.Read(cells))
        {
            if (!CsvDialect.Fits(cells, header))
                throw new InvalidFileException(
                    path,
                    null,
                    $"{cells.Count} cells in line {parser.RecordLine}",
                    $"{header.Count} as in the header",
                    "correct the line"
                );
            string[] values = [.. cells];
            rows.Add(new(parser.RecordLine, indexes, values));
        }
        return CreateSyntaxError(path, parser) is { } error
            ? throw error
            : new([.. header.Where(name => name.Length > 0)], rows);
    }

    /// <summary>Writes a table atomically.</summary>
    public static void Write(
        string path,
        IReadOnlyList<string> columns,
        IEnumerable<IReadOnlyList<string>> rows,
        char delimiter = ','
    ) => AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true)
            {
                NewLine = "\n",
            };
            foreach (var row in rows.Prepend(columns))
                writer.WriteLine(string.Join(delimiter, row.Select(cell => QuoteIfNeeded(cell, delimiter))));
        });

    // RFC 4180; a reader may trim the blanks at the ends of a cell without quotes, as CsvParser does.
    private static string QuoteIfNeeded(string cell, char delimiter) =>
        cell.Contains(delimiter)
        || cell.AsSpan().ContainsAny(QuotedCharacters)
        || (cell.Length > 0 && (IsBlank(cell[0]) || IsBlank(cell[^1])))
            ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : cell;

    private static bool IsBlank(char character) => character is ' ' or '\t';

    private static Dictionary<string, int> IndexColumns(string path, List<string> header)
    {
        Dictionary<string, int> indexes = [];
        for (var i = 0; i < header.Count; i++)
            if (header[i].Length > 0 && !indexes.TryAdd(header[i].ToLowerInvariant(), i))
                throw new InvalidFileException(
                    path,
                    0,
                    $"two columns {InputFile.Quote(header[i])}",
                    "different names",
                    "rename one"
                );
        return indexes;
    }

    private static InvalidFileException? CreateSyntaxError(string path, CsvParser parser) =>
        parser.Error is { } error ? new(path, null, error.Found, error.Expected, error.Remedy) : null;
}
