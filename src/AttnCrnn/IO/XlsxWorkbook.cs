using System.IO.Compression;
using System.Text;

namespace AttnCrnn.IO;

/// <summary>
/// Tables of a workbook in Office Open XML (ECMA-376, part 1, SpreadsheetML): texts of cells alone, without formats and
/// formulas. Document types and their entities are refused; sizes are bounded.
/// </summary>
internal static class XlsxWorkbook
{
    private const long MaxFileBytes = 16L << 20;
    private const long MaxEntryCharacters = 16L << 20;
    private const int MaxSheets = 16;
    private const int MaxCells = 1 << 22; // of a sheet, with the empty ones before others
    private const int MaxColumns = 16_384; // of a sheet, ECMA-376
    private const string SheetFolder = "xl/worksheets/";
    private const string SharedStrings = "xl/sharedStrings.xml";
    private const string Expected = "a workbook (.xlsx)";
    private const string Remedy = "save the workbook again as .xlsx";

    /// <summary>Rows of all sheets whose first row has the columns; other sheets are left out.</summary>
    /// <param name="columns">Names of columns; case and surrounding spaces do not matter.</param>
    /// <returns>The cells of these columns, empty where the sheet has none, without the first row.</returns>
    /// <exception cref="InvalidFileException">
    /// The file is not a workbook, is damaged or too large, or no sheet has the columns.
    /// </exception>
    public static IReadOnlyList<string[]> ReadRows(string path, params string[] columns)
    {
        using var stream = InputFile.Open(path, Expected);
        if (stream.Length > MaxFileBytes)
            throw new InvalidFileException(
                path,
                null,
                $"{stream.Length} bytes",
                $"a workbook of at most {MaxFileBytes}",
                "remove its sheets and images that are not needed"
            );
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
            var sheets = archive
                .Entries.Where(entry => entry.FullName.StartsWith(SheetFolder, StringComparison.Ordinal))
                .Where(entry => entry.FullName.EndsWith(".xml", StringComparison.Ordinal))
                .OrderBy(entry => entry.FullName, StringComparer.Ordinal)
                .Take(MaxSheets)
                .ToList();
            List<string> shared = [];
            if (archive.GetEntry(SharedStrings) is { } strings)
                ReadEntry(path, strings, xml => ReadSharedStrings(xml, shared));
            List<List<string[]>> tables = [];
            foreach (var sheet in sheets)
                ReadEntry(path, sheet, xml => tables.Add(ReadSheet(xml, shared)));
            return SelectColumns(path, tables, columns);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidFileException(path, null, $"a damaged archive ({exception.Message})", Expected, Remedy);
        }
    }

    private static List<string[]> SelectColumns(string path, List<List<string[]>> tables, string[] columns)
    {
        var found = false;
        List<string[]> rows = [];
        foreach (var table in tables.Where(table => table.Count > 0))
        {
            string[] header = [.. table[0].Select(name => name.Trim().ToLowerInvariant())];
            int[] indices = [.. columns.Select(column => Array.IndexOf(header, column))];
            if (indices.Contains(-1))
                continue;
            found = true;
            foreach (var row in table.Skip(1))
                rows.Add([.. indices.Select(index => index < row.Length ? row[index] : "")]);
        }
        return found
            ? rows
            : throw new InvalidFileException(
                path,
                null,
                $"{tables.Count} sheets without the columns",
                $"a sheet with the columns {string.Join(", ", columns)} in its first row",
                "add them, or remove the workbook"
            );
    }

    private static void ReadEntry(string path, ZipArchiveEntry entry, Action<XmlScanner> read)
    {
        using var xml = new XmlScanner(entry.Open(), MaxEntryCharacters);
        try
        {
            read(xml);
        }
        catch (FormatException exception)
        {
            throw new InvalidFileException(path, null, $"in {entry.FullName}: {exception.Message}", Expected, Remedy);
        }
    }

    // Texts that several cells share, by their index.
    private static void ReadSharedStrings(XmlScanner xml, List<string> strings)
    {
        while (xml.Read())
            if (xml.IsStart("si"))
                strings.Add(ReadTexts(xml, "si"));
    }

    // Rows with cells.
    private static List<string[]> ReadSheet(XmlScanner xml, List<string> shared)
    {
        List<string[]> rows = [];
        List<string> cells = [];
        var count = 0;
        while (xml.Read())
            if (xml.IsStart("c"))
                AddCell(xml, cells, shared);
            else if (xml.IsEnd("row") && cells.Count > 0)
            {
                count += cells.Count;
                if (count > MaxCells)
                    throw new FormatException($"more than {MaxCells} cells");
                rows.Add([.. cells]);
                cells.Clear();
            }
        return rows;
    }

    // Empty cells need not be written: a cell tells its column.
    private static void AddCell(XmlScanner xml, List<string> cells, List<string> shared)
    {
        var column = ParseColumn(xml.GetAttribute("r")) ?? cells.Count;
        var isShared = xml.GetAttribute("t") == "s";
        var text = ReadTexts(xml, "c");
        while (cells.Count < column)
            cells.Add("");
        if (cells.Count > column)
            throw new FormatException("cells out of order");
        cells.Add(isShared ? GetShared(shared, text) : text);
    }

    private static string GetShared(List<string> shared, string text) =>
        int.TryParse(text, out var index) && index >= 0 && index < shared.Count
            ? shared[index]
            : throw new FormatException($"shared string {text}");

    // Column of a cell such as AB12, from 0.
    private static int? ParseColumn(string? reference)
    {
        if (reference is null)
            return null;
        var column = 0;
        foreach (var letter in reference.TakeWhile(char.IsAsciiLetterUpper))
        {
            column = (26 * column) + letter - 'A' + 1;
            if (column > MaxColumns)
                throw new FormatException($"cell {reference}");
        }
        return column > 0 ? column - 1 : throw new FormatException($"cell {reference}");
    }

    // Texts of the elements t (of a text or of its runs) and v (of a value) up to the end of an element, without
    // phonetic hints (rPh), which repeat the text in another script.
    private static string ReadTexts(XmlScanner xml, string element)
    {
        var text = new StringBuilder();
        var isText = false;
        var isHint = false;
        while (xml.Read() && !xml.IsEnd(element))
            if (xml.Node == XmlNode.Text)
                text.Append(isText && !isHint ? xml.Text : "");
            else if (xml.Name == "rPh")
                isHint = xml.Node == XmlNode.Start;
            else
                isText = xml.IsStart("t") || xml.IsStart("v");
        return text.ToString();
    }
}
