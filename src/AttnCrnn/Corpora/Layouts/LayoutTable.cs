using System.Text;
using AttnCrnn.Corpora.Manifests;
using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Layouts;

/// <summary>A table of clips: a CSV file, or JSON lines with one object per clip.</summary>
/// <param name="Path">Absolute path.</param>
/// <param name="Columns">Names in lower case; of JSON lines those of all objects.</param>
/// <param name="Rows">The rows, with their line numbers.</param>
internal sealed record LayoutTable(string Path, IReadOnlyList<string> Columns, IReadOnlyList<CsvRow> Rows)
{
    private const int MaxBytes = 256 << 20;
    private const string Remedy = "correct the line, or write the table again";

    private static readonly ManifestField[] Fields =
    [
        ManifestField.Label,
        ManifestField.Speaker,
        ManifestField.Sex,
        ManifestField.Split,
    ];

    /// <summary>Reads a table, by its extension.</summary>
    /// <exception cref="InvalidFileException">It is invalid; the message has the line or the offset.</exception>
    public static LayoutTable Read(string path)
    {
        var table = ManifestTable.Read(path);
        var read = new LayoutTable(path, [.. table.Names.Select(name => name.ToLowerInvariant())], table.Rows);
        table.RequireTexts(Fields.Select(read.FindColumn).OfType<string>());
        return read;
    }

    /// <summary>Reads the objects of JSON lines; empty lines are skipped.</summary>
    /// <exception cref="InvalidFileException">A line is not a JSON object.</exception>
    public static IReadOnlyList<(int Line, JsonCursor Value)> ReadJsonLines(string path)
    {
        const string expected = "one JSON object per line";
        var bytes = InputFile.ReadAll(path, expected, Remedy, MaxBytes);
        var values = new List<(int, JsonCursor)>();
        var start = bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        for (var line = 1; start < bytes.Length; line++)
        {
            var end = Array.IndexOf(bytes, (byte)'\n', start);
            var text = bytes.AsSpan(start..(end < 0 ? bytes.Length : end)).TrimEnd("\r \t"u8);
            if (text.Length > 0)
            {
                var source = new JsonSource(path, $"{expected} (line {line})", Remedy) { Start = start };
                var value = source.Parse(text);
                values.Add((line, value.IsObject ? value : throw value.Unexpected($"an object in line {line}")));
            }
            start = end < 0 ? bytes.Length : end + 1;
        }
        return values;
    }

    /// <summary>The column of a field, by the names of manifests; null if the table has none.</summary>
    public string? FindColumn(ManifestField field) => ManifestColumnNames.Get(field).FirstOrDefault(Columns.Contains);

    /// <summary>The clip of a row, by the usual names of columns.</summary>
    /// <param name="recording">Path of the recording.</param>
    /// <param name="speakerPrefix">Put before the speaker, with an underscore.</param>
    /// <exception cref="InvalidFileException">A time or a subset is invalid.</exception>
    public LayoutRow CreateRow(CsvRow row, string recording, string speakerPrefix)
    {
        var cells = new CsvCells(Path, row, "a time such as 1.25 or 0 days 00:00:01.25; train, val or test", Remedy);
        var start = cells.Parse("start", ManifestTime.Parse);
        var end = cells.Parse("end", ManifestTime.ParseEnd);
        if (end <= (start ?? 0))
            throw new InvalidFileException(
                Path,
                null,
                $"start {start ?? 0} and end {end} in line {row.Line}",
                "an end after the start",
                Remedy
            );
        var speaker = GetCell(row, ManifestField.Speaker);
        return new(Path, row.Line, recording)
        {
            Label = GetCell(row, ManifestField.Label),
            Speaker = speaker is null ? null : $"{speakerPrefix}_{speaker}",
            Sex = GetCell(row, ManifestField.Sex),
            Split = FindColumn(ManifestField.Split) is { } split ? cells.Parse(split, Manifest.ParseSubset) : null,
            StartSeconds = start,
            EndSeconds = end,
        };
    }

    /// <summary>Whether the beginning of a file has a text; false if the file cannot be read.</summary>
    public static bool BeginsWith(string path, string text) =>
        ReadHead(path)?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Names in the first line of a CSV file, in lower case; null if the file cannot be read.</summary>
    public static IReadOnlyList<string>? ReadHeader(string path) =>
        ReadHead(path) is { } head
            ?
            [
                .. head.Split('\n', 2)[0]
                    .Split(',', ';', '\t')
                    .Select(name => name.Trim(' ', '"', '\r').ToLowerInvariant()),
            ]
            : null;

    private static string? ReadHead(string path)
    {
        const int length = 1 << 16;
        try
        {
            using var stream = InputFile.Open(path, "a table");
            var head = new byte[Math.Min(length, stream.Length)];
            stream.ReadExactly(head);
            return Encoding.UTF8.GetString(head).TrimStart('\uFEFF');
        }
        catch (Exception exception) when (exception is InvalidInputException or IOException)
        {
            return null;
        }
    }

    private string? GetCell(CsvRow row, ManifestField field) =>
        FindColumn(field) is { } column && !MissingValue.MatchesName(row[column]) ? row[column] : null;
}
