using System.Globalization;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.IO;

namespace AttnCrnn.Corpora;

/// <summary>
/// Reads and writes clips as a CSV table with the columns path (or file, wav), label (or emotion, emo), speaker, split
/// (train, val = dev = validation, test), start and end in seconds. Only the path is required; paths are relative to
/// the table.
/// </summary>
public static class Manifest
{
    private static readonly string[] Columns = ["path", "label", "speaker", "split", "start", "end"];

    /// <summary>Reads a manifest's clips.</summary>
    /// <exception cref="InvalidFileException">
    /// A column is missing, or a cell is invalid; the message gives the line.
    /// </exception>
    public static IReadOnlyList<Clip> Read(string path)
    {
        var table = CsvTable.Read(path);
        var file = FindColumn(table, "path", "file", "wav", "filename")
            ?? throw new InvalidFileException(
                path,
                0,
                $"columns {string.Join(", ", table.Columns)}",
                "one of path, file, wav",
                "add a column with the paths of the recordings"
            );
        var label = FindColumn(table, "label", "emotion", "emo");
        var speaker = FindColumn(table, "speaker", "speaker_id", "spk");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return [.. table.Rows.Select(row => Read(path, folder, row, file, label, speaker))];
    }

    /// <summary>Writes a manifest; paths below the table's folder are relative to it, others absolute.</summary>
    public static void Write(string path, IEnumerable<Clip> clips)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        CsvTable.Write(
            path,
            Columns,
            clips.Select(clip =>
                (IReadOnlyList<string>)
                    [
                        StoredPath.Format(GetRelativePath(folder, clip.Path)),
                        clip.Label ?? "",
                        clip.Speaker ?? "",
                        GetName(clip.Split),
                        Format(clip.StartSeconds),
                        Format(clip.EndSeconds),
                    ]
            )
        );
    }

    /// <summary>Name of a subset in tables; empty for null.</summary>
    public static string GetName(Subset? subset) =>
        subset switch
        {
            Subset.Train => "train",
            Subset.Validation => "val",
            Subset.Test => "test",
            _ => "",
        };

    /// <summary>Parses a subset; null for an empty cell.</summary>
    /// <exception cref="FormatException">The cell is not a subset.</exception>
    public static Subset? ParseSubset(string cell) =>
        cell.Trim().ToLowerInvariant() switch
        {
            "" => null,
            "train" or "training" => Subset.Train,
            "val" or "dev" or "validation" or "valid" or "devel" => Subset.Validation,
            "test" => Subset.Test,
            _ => throw new FormatException($"split '{cell}'"),
        };

    private static Clip Read(string path, string folder, CsvRow row, string file, string? label, string? speaker)
    {
        if (row[file].Length == 0)
            throw new InvalidFileException(
                path,
                null,
                $"no {file} in line {row.Line}",
                "a recording",
                "fill the cell or remove the line"
            );
        var start = ReadSeconds(path, row, "start");
        var end = ReadSeconds(path, row, "end");
        if (start >= end)
            throw new InvalidFileException(
                path,
                null,
                $"start {start} and end {end} in line {row.Line}",
                "an end after the start",
                "correct the line"
            );
        var cells = new CsvCells(path, row, "train, val (dev) or test", "correct the line");
        var subset = cells.Parse("split", ParseSubset);
        return new(
            Path.GetFullPath(Path.Combine(folder, row[file])),
            ReadCell(row, label),
            ReadCell(row, speaker),
            subset,
            start,
            end
        );
    }

    private static string? FindColumn(CsvTable table, params string[] names) =>
        names.FirstOrDefault(table.Columns.Contains);

    private static string? ReadCell(CsvRow row, string? column) =>
        column is null || row[column].Length == 0 ? null : row[column];

    private static double? ReadSeconds(string path, CsvRow row, string column)
    {
        if (row[column].Length == 0)
            return null;
        return
            double.TryParse(row[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 0 and < 1e6
            ? seconds
            : throw new InvalidFileException(
                path,
                null,
                $"{column} '{row[column]}' in line {row.Line}",
                "seconds, as in 1.25",
                "correct the line"
            );
    }

    private static string GetRelativePath(string folder, string file)
    {
        var relative = Path.GetRelativePath(folder, file);
        return relative.StartsWith("..", StringComparison.Ordinal) ? file : relative;
    }

    private static string Format(double? seconds) => seconds?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
