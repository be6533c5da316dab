using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Manifests;

/// <summary>Columns with times, which must not be left out in silence: a clip would be the wrong part.</summary>
internal static class SegmentColumns
{
    private static readonly string[] WordsOfTimes = ["time", "onset", "offset", "begin", "start"];

    /// <summary>What is said about columns of times that are not used; null: nothing.</summary>
    /// <param name="unused">The columns that are not used.</param>
    /// <exception cref="InvalidFileException">There is an end, and a column that may be its start.</exception>
    public static string? Check(ManifestTable table, ManifestColumns columns, IReadOnlyList<string> unused)
    {
        if (columns[ManifestField.Start] is not null)
            return null;
        string[] times = [.. unused.Where(name => IsTime(table, name))];
        if (columns[ManifestField.End] is { } end)
            return times.FirstOrDefault(name => MayStart(table, name, end)) is { } start
                ? throw new InvalidFileException(
                    table.Path,
                    null,
                    $"ends of segments as {end}, and {InputFile.Quote(start)}, which may be their start or not",
                    "a start with the end",
                    "name the column of the starts start, or rename it if it has something else"
                )
                : null;
        if (times.Length == 0)
            return null;
        var list = string.Join(", ", times.Select(InputFile.Sanitize));
        return $"{table.FileName}: each clip is a whole recording, since {list} "
            + $"{(times.Length == 1 ? "is" : "are")} not used: name the times of segments start and end "
            + "(in ms: start_ms and end_ms)";
    }

    private static bool IsTime(ManifestTable table, string name) =>
        WordsOfTimes.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase))
        && table.Rows.All(row => TryParse(row[name.ToLowerInvariant()], out _))
        && table.Rows.Any(row => TryParse(row[name.ToLowerInvariant()], out var time) && time is not null);

    // A start is before its end.
    private static bool MayStart(ManifestTable table, string name, string end) =>
        table.Rows.All(row =>
            !TryParse(row[name.ToLowerInvariant()], out var first)
            || !TryParse(row[end], out var last)
            || !(first > last)
        );

    private static bool TryParse(string cell, out double? time)
    {
        time = null;
        try
        {
            time = ManifestTime.ParseEnd(cell);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
