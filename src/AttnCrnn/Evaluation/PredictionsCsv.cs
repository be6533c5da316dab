using System.Globalization;
using AttnCrnn.Audio;
using AttnCrnn.IO;

namespace AttnCrnn.Evaluation;

/// <summary>
/// Reads and writes <c>predictions.csv</c>: one row per clip, with one column per label for its probability, in full
/// precision.
/// </summary>
public static class PredictionsCsv
{
    /// <summary>File name in a run's analysis folder.</summary>
    internal const string FileName = "predictions.csv";

    private static readonly string[] Columns = ["path", "speaker", "label", "predicted", "fold", "start", "end"];
    private const string Prefix = "p_";

    // Each only if a clip has such a value; files of earlier versions have none but the channel.
    private static readonly (string Name, Func<ClipPrediction, string> Format)[] OptionalColumns =
    [
        ("channel", clip => clip.Channel?.ToString() ?? ""),
        ("sex", clip => clip.Sex ?? ""),
        ("session", clip => clip.Session ?? ""),
        ("seconds", clip => Format(clip.Seconds)),
        ("temperature", clip => Format(clip.Temperature)),
    ];

    /// <summary>Writes the file atomically.</summary>
    public static void Write(string path, IReadOnlyList<string> labels, IReadOnlyList<ClipPrediction> predictions)
    {
        var optional = OptionalColumns
            .Where(column => predictions.Any(clip => column.Format(clip).Length > 0))
            .ToList();
        CsvTable.Write(
            path,
            [.. Columns, .. optional.Select(column => column.Name), .. labels.Select(label => Prefix + label)],
            predictions.Select(clip =>
                (IReadOnlyList<string>)
                    [
                        StoredPath.Format(clip.Path),
                        clip.Speaker ?? "",
                        clip.Truth,
                        clip.Predicted,
                        Format(clip.Fold),
                        Format(clip.StartSeconds),
                        Format(clip.EndSeconds),
                        .. optional.Select(column => column.Format(clip)),
                        .. clip.Probabilities.Select(probability =>
                            probability.ToString("R", CultureInfo.InvariantCulture)
                        ),
                    ]
            )
        );
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidFileException">The file is not a predictions.csv.</exception>
    /// <remarks>Column names are lower case; the labels take the spelling of the cells.</remarks>
    public static (IReadOnlyList<string> Labels, IReadOnlyList<ClipPrediction> Predictions) Read(string path)
    {
        var table = CsvTable.Read(path);
        if (Columns.FirstOrDefault(column => !table.Columns.Contains(column)) is { } missing)
            throw new InvalidFileException(
                path,
                0,
                $"columns {string.Join(", ", table.Columns)}",
                $"'{missing}' among them, as in a run's {FileName}",
                "evaluate the run again"
            );
        string[] columns = [.. table.Columns.Where(column => column.StartsWith(Prefix, StringComparison.Ordinal))];
        var spelling = table
            .Rows.SelectMany(row => (string[])[row["label"], row["predicted"]])
            .Distinct()
            .GroupBy(label => label.ToLowerInvariant())
            .ToDictionary(grouping => grouping.Key, grouping => grouping.First());
        string[] labels =
        [
            .. columns.Select(column => spelling.GetValueOrDefault(column[Prefix.Length..], column[Prefix.Length..])),
        ];
        return (labels, [.. table.Rows.Select(row => ReadClip(path, row, columns))]);
    }

    private static ClipPrediction ReadClip(string path, CsvRow row, string[] columns)
    {
        var cells = new CsvCells(path, row, "a run's predictions", "evaluate the run again");
        return new(
            StoredPath.Parse(row["path"]),
            row["speaker"].Length > 0 ? row["speaker"] : null,
            row["label"],
            row["predicted"],
            [.. columns.Select(column => cells.Parse(column, ParseDouble))],
            cells.Parse("fold", ParseFold),
            cells.Parse("start", ParseSeconds),
            cells.Parse("end", ParseSeconds)
        )
        {
            Channel = cells.Parse("channel", ParseChannel),
            Sex = ParseText(row["sex"]),
            Session = ParseText(row["session"]),
            Seconds = cells.Parse("seconds", ParseSeconds),
            Temperature = cells.Parse("temperature", ParseTemperature),
        };
    }

    private static AudioChannel? ParseChannel(string cell) => cell.Length == 0 ? null : AudioChannel.Parse(cell);

    private static double ParseDouble(string cell) =>
        double.Parse(cell, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static int? ParseFold(string cell) =>
        cell.Length == 0 ? null : int.Parse(cell, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string? ParseText(string cell) => cell.Length == 0 ? null : cell;

    private static double? ParseTemperature(string cell) =>
        ParseSeconds(cell) is not { } value ? null
        : value > 0 && double.IsFinite(value) ? value
        : throw new FormatException();

    private static double? ParseSeconds(string cell) => cell.Length == 0 ? null : ParseDouble(cell);

    private static string Format(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Format(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
