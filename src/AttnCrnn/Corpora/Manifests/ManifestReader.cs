using System.Globalization;
using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Manifests;

/// <summary>A row of a manifest.</summary>
/// <param name="Line">Line number in the file, from 1.</param>
internal readonly record struct ManifestRow(int Line, Clip Clip);

/// <summary>Reads the clips of a manifest and says what was decided about it.</summary>
internal sealed class ManifestReader
{
    private const string Remedy = "correct the line";

    private readonly ManifestTable table;
    private readonly ManifestColumns columns;
    private readonly ManifestPaths paths;
    private readonly EmoClassCodes? codes;
    private readonly HashSet<ManifestField> inMilliseconds;

    private ManifestReader(ManifestTable table, ManifestColumns columns)
    {
        this.table = table;
        this.columns = columns;
        codes = EmoClassCodes.Find(table, columns[ManifestField.Label]);
        inMilliseconds =
        [
            .. ManifestColumnNames.Fields.Where(field =>
                columns[field] is { } column && ManifestColumnNames.IsMilliseconds(column)
            ),
        ];
        paths = new(Path.GetDirectoryName(Path.GetFullPath(table.Path))!);
    }

    /// <summary>Reads a file; a row whose label, speaker or split contradicts another row's is an error.</summary>
    /// <exception cref="InvalidFileException">The file is invalid; the message has the line.</exception>
    /// <exception cref="InvalidInputException">Rows contradict each other, and the options refuse that.</exception>
    public static IReadOnlyList<Clip> Read(string path, CorpusReadOptions options, List<string> notices)
    {
        var rows = ReadRows(path, notices);
        return [.. ContradictingRows.Resolve(path, rows, options.LabelConflict, notices).Select(row => row.Clip)];
    }

    /// <summary>All rows of a file.</summary>
    /// <exception cref="InvalidFileException">The file is invalid; the message has the line.</exception>
    public static IReadOnlyList<ManifestRow> ReadRows(string path, List<string> notices)
    {
        var table = ManifestTable.Read(path);
        var columns = ManifestColumns.Find(table, notices);
        table.RequireTexts(columns.Used);
        var reader = new ManifestReader(table, columns);
        ManifestRow[] rows = [.. table.Rows.Select(row => new ManifestRow(row.Line, reader.ReadClip(row)))];
        notices.AddRange(reader.Notices(rows));
        return rows;
    }

    private Clip ReadClip(CsvRow row)
    {
        var (start, end) = ReadSegment(row);
        var votes = ReadVotes(row);
        return new(
            ReadPath(row),
            columns[ManifestField.Label] is { } label ? ReadLabel(row[label]) : votes?.Majority,
            NullIfEmpty(ReadCell(row, ManifestField.Speaker)),
            Parse(row, ManifestField.Split, ManifestSplit.Parse, ManifestSplit.Expected),
            start,
            end
        )
        {
            Sex = SexName.Parse(ReadCell(row, ManifestField.Sex)),
            Session = ReadSession(row),
            Votes = votes,
            Channel = columns[ManifestField.Channel] is { } channel ? ManifestChannel.Read(table, row, channel) : null,
        };
    }

    private string? ReadLabel(string cell) =>
        cell.Length == 0 ? null
        : codes is null ? cell
        : codes.Read(cell);

    private string ReadPath(CsvRow row)
    {
        var cell = ReadCell(row, ManifestField.Recording);
        if (cell.Length == 0 || cell.Contains('\0', StringComparison.Ordinal))
            throw new InvalidFileException(
                table.Path,
                null,
                $"no {columns[ManifestField.Recording]} in line {row.Line}",
                "a recording",
                "fill the cell or remove the line"
            );
        return paths.Resolve(cell);
    }

    private (double? Start, double? End) ReadSegment(CsvRow row)
    {
        var start = ReadTime(row, ManifestField.Start, ManifestTime.Parse);
        var end = ReadTime(row, ManifestField.End, ManifestTime.ParseEnd);
        if (start is not null && ReadCell(row, ManifestField.End).Length == 0)
            end = start + ReadTime(row, ManifestField.Duration, ManifestTime.ParseEnd);
        return !(start >= end)
            ? (start, end)
            : throw new InvalidFileException(
                table.Path,
                null,
                string.Create(CultureInfo.InvariantCulture, $"start {start} and end {end} in line {row.Line}"),
                "an end after the start",
                Remedy
            );
    }

    private double? ReadTime(CsvRow row, ManifestField field, Func<string, double?> parse) =>
        inMilliseconds.Contains(field)
            ? Parse(row, field, ManifestTime.ParseMilliseconds, "milliseconds as in 1250")
            : Parse(row, field, parse, "seconds as in 1.25, or a time as in 0 days 00:00:01.25");

    private LabelVotes? ReadVotes(CsvRow row) =>
        columns.Classes.Count > 0 ? ManifestVotes.Read(table, row, columns.Classes)
        : MissingValue.Matches(ReadCell(row, ManifestField.Votes)) ? null
        : new CsvCells(table.Path, row, "votes as in angry=3;sad=1", Remedy).Parse(
            columns[ManifestField.Votes]!,
            LabelVotes.Parse
        );

    private T? Parse<T>(CsvRow row, ManifestField field, Func<string, T?> parse, string expected)
        where T : struct =>
        columns[field] is { } column ? new CsvCells(table.Path, row, expected, Remedy).Parse(column, parse) : null;

    private string? ReadSession(CsvRow row) =>
        ReadCell(row, ManifestField.Session) is var cell && MissingValue.MatchesName(cell) ? null : cell;

    private string ReadCell(CsvRow row, ManifestField field) => columns[field] is { } column ? row[column] : "";

    private IEnumerable<string> Notices(ManifestRow[] rows)
    {
        foreach (var notice in paths.Notices(table.FileName))
            yield return notice;
        foreach (var notice in codes?.Notices() ?? [])
            yield return notice;
        foreach (var notice in SplitNotices(rows))
            yield return notice;
        if (columns[ManifestField.Votes] is { } votes && columns[ManifestField.Label] is null)
            yield return $"{table.FileName}: the label is the class with the most votes of the column {votes}";
        if (columns.Classes.Count == 0)
            yield break;
        foreach (var notice in ManifestVotes.Describe(table, columns.Classes, columns[ManifestField.Label], rows))
            yield return notice;
    }

    private IEnumerable<string> SplitNotices(ManifestRow[] rows)
    {
        if (columns[ManifestField.Split] is not { } column || rows.All(row => row.Clip.Split is null))
            yield break;
        var further = table
            .Rows.Where(row => ManifestSplit.IsFurtherTest(row[column]))
            .Select(row => row.Line)
            .ToHashSet();
        if (further.Count > 0)
            yield return $"{table.FileName}: {further.Count} of {rows.Length} clips are of the further test sets "
                + "(Test2, Test3) and in no subset: Test1 is the test set";
        ManifestRow[] missing = [.. rows.Where(row => row.Clip.Split is null && !further.Contains(row.Line))];
        if (missing.Length > 0)
            yield return $"{table.FileName}: {missing.Length} of {rows.Length} clips have no split "
                + $"({LineList.Format(missing)}) and are in no subset";
    }

    private static string? NullIfEmpty(string cell) => cell.Length == 0 ? null : cell;
}
