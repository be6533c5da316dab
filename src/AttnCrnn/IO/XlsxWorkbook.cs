using System.IO.Compression;
using System.Xml;

namespace AttnCrnn.IO;

/// <summary>
/// Tables of a workbook in Office Open XML (ECMA-376, part 1, SpreadsheetML): texts of cells alone, without formats and
/// formulas. Document types and external entities are refused; sizes are bounded before they are read.
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
            var shared = archive.GetEntry(SharedStrings) is { } strings ? ReadSharedStrings(strings) : [];
            var tables = sheets.Select(sheet => ReadSheet(sheet, shared)).ToList();
            return SelectColumns(path, tables, columns);
        }
        catch (Exception exception) when (exception is InvalidDataException or XmlException or FormatException)
        {
            throw new InvalidFileException(path, null, "a damaged archive or table", Expected, Remedy);
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

    // Texts that several cells share, by their index.
    private static List<string> ReadSharedStrings(ZipArchiveEntry entry)
    {
        List<string> strings = [];
        using var xml = OpenXml(entry);
        while (xml.Read())
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "si" })
                strings.Add(ReadTexts(xml, "si"));
        return strings;
    }

    private static List<string[]> ReadSheet(ZipArchiveEntry entry, List<string> shared)
    {
        List<string[]> rows = [];
        List<string> cells = [];
        var count = 0;
        using var xml = OpenXml(entry);
        while (xml.Read())
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "row" })
                cells = [];
            else if (xml is { NodeType: XmlNodeType.EndElement, LocalName: "row" })
            {
                count += cells.Count;
                if (count > MaxCells)
                    throw new FormatException($"more than {MaxCells} cells");
                rows.Add([.. cells]);
            }
            else if (xml is { NodeType: XmlNodeType.Element, LocalName: "c", IsEmptyElement: false })
                AddCell(xml, cells, shared);
        return rows;
    }

    // Empty cells are not written: a cell tells its column.
    private static void AddCell(XmlReader xml, List<string> cells, List<string> shared)
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

    // Texts of the elements t (of a text or of its runs) and v (of a value) up to the end of an element.
    private static string ReadTexts(XmlReader xml, string element)
    {
        if (xml.IsEmptyElement)
            return "";
        var text = new System.Text.StringBuilder();
        var inText = false;
        while (xml.Read() && !(xml.NodeType == XmlNodeType.EndElement && xml.LocalName == element))
            if (xml.NodeType is XmlNodeType.Element or XmlNodeType.EndElement)
                inText = xml.LocalName is "t" or "v" && xml.NodeType == XmlNodeType.Element && !xml.IsEmptyElement;
            else if (inText)
                text.Append(xml.Value);
        return text.ToString();
    }

    private static XmlReader OpenXml(ZipArchiveEntry entry) =>
        XmlReader.Create(
            entry.Open(),
            new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                MaxCharactersInDocument = MaxEntryCharacters,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
                CloseInput = true,
            }
        );
}
