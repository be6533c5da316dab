using System.Globalization;
using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Manifests;

/// <summary>Collects the rows of a JSON manifest, or its columns as pandas writes them.</summary>
/// <param name="path">The file.</param>
internal sealed class JsonTableBuilder(string path)
{
    private const int MaxColumns = 1000;

    private readonly List<string> names = [];
    private readonly Dictionary<string, int> indexes = [];
    private readonly List<CsvRow> rows = [];
    private readonly List<NestedCell> nested = [];

    /// <summary>
    /// Whether an object has a field per column, with an object of the rows' cells or a list: that of the recordings is
    /// among them.
    /// </summary>
    public static bool HasColumns(JsonCursor value) =>
        value.IsObject
        && value.Fields.All(field => field.Value.IsArray || field.Value.IsObject)
        && value.Fields.Any(field => IsRecordingColumn(field.Name) && !IsRecording(field.Value));

    /// <summary>Adds a row per object.</summary>
    /// <exception cref="InvalidFileException">An object has a field twice.</exception>
    public void AddRows(IEnumerable<(int Line, JsonCursor Object)> objects)
    {
        foreach (var (line, value) in objects)
        {
            var cells = Enumerable.Repeat("", names.Count).ToList();
            var used = new HashSet<int>();
            foreach (var (name, field) in value.Fields)
            {
                var index = GetIndex(name, value);
                if (index == cells.Count)
                    cells.Add("");
                if (!used.Add(index))
                    throw CreateDuplicateError(name, $" in line {line}");
                cells[index] = ReadCell(line, name, field);
            }
            rows.Add(new(line, indexes, cells));
        }
    }

    /// <summary>Adds the rows of columns; in messages, the first is line 2, as in CSV.</summary>
    /// <exception cref="InvalidFileException">
    /// A field is there twice, or columns that are lists have different lengths.
    /// </exception>
    public void AddColumns(JsonCursor value)
    {
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        var cells = new List<List<string>>();
        var used = new HashSet<int>();
        foreach (var (name, column) in value.Fields)
        {
            var index = GetIndex(name, value);
            if (!used.Add(index))
                throw CreateDuplicateError(name, "");
            if (cells.Count > 0 && column.IsArray && column.Count != cells.Count)
                throw column.Error($"{column.Count} values of {name}", $"{cells.Count} as of {names[0]}");
            foreach (var (key, field) in GetCells(column))
            {
                if (lines.TryAdd(key, lines.Count + 2))
                    cells.Add([]);
                var row = cells[lines[key] - 2];
                if (row.Count > index)
                    throw CreateDuplicateError(key, $" in {name}");
                row.AddRange(Enumerable.Repeat("", index - row.Count));
                row.Add(ReadCell(lines[key], name, field));
            }
        }
        rows.AddRange(cells.Select((row, i) => new CsvRow(i + 2, indexes, row)));
    }

    /// <summary>The table of what was added.</summary>
    public ManifestTable Create() => new(path, names, rows) { Nested = nested };

    private static bool IsRecordingColumn(string name) => ManifestColumnNames.Matches(ManifestField.Recording, name);

    // As Hugging Face writes an audio column.
    private static bool IsRecording(JsonCursor value) =>
        value.Find("path") is not null || value.Find("bytes") is not null;

    private static IEnumerable<(string Key, JsonCursor Value)> GetCells(JsonCursor column) =>
        column.IsArray
            ? column.Items.Select((item, i) => (i.ToString(CultureInfo.InvariantCulture), item))
            : column.Fields;

    private int GetIndex(string name, JsonCursor value)
    {
        if (indexes.TryGetValue(name.ToLowerInvariant(), out var index))
            return index;
        if (names.Count == MaxColumns)
            throw value.Error($"more than {MaxColumns} names of fields", "a list of recordings");
        indexes.Add(name.ToLowerInvariant(), names.Count);
        names.Add(name);
        return names.Count - 1;
    }

    // Hugging Face writes an audio column as an object with the path, and the bytes of the recording or null.
    private string ReadCell(int line, string name, JsonCursor field)
    {
        if (field.AsText() is { } text)
            return text;
        if (field.Find("path")?.AsString() is { } recording)
            return recording;
        if (IsVotes(name) && ReadVotes(field) is { } votes)
            return votes;
        if (field.IsArray || field.IsObject)
            nested.Add(new(line, name.ToLowerInvariant(), field.FormatValue()));
        return "";
    }

    private static bool IsVotes(string name) => ManifestColumnNames.Matches(ManifestField.Votes, name);

    // Votes as an object with a number per class, or as a list with a label per rater; null: neither.
    private static string? ReadVotes(JsonCursor field)
    {
        LabelVote[]? votes =
            field.IsObject && field.Fields.All(vote => vote.Value.AsDouble() >= 0)
                ? [.. field.Fields.Select(vote => new LabelVote(vote.Name, vote.Value.AsDouble()!.Value))]
            : field.IsArray && field.Items.All(vote => vote.AsString() is { Length: > 0 })
                ? [.. field.Items.Select(vote => new LabelVote(vote.AsString()!, 1))]
            : null;
        return votes is null ? null
            : votes.Any(vote => vote.Count > 0) ? new LabelVotes(votes).ToString()
            : "";
    }

    private InvalidFileException CreateDuplicateError(string name, string place) =>
        new(path, null, $"the field {InputFile.Quote(name)} twice{place}", "each field once", "remove one of them");
}
