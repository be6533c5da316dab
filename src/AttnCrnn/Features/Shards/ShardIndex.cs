using System.Globalization;
using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.IO;

namespace AttnCrnn.Features.Shards;

/// <summary>One line of a shard's index: a clip with its frames, or with the reason why it has none.</summary>
/// <param name="File">File name of the shard or .npz file with the frames; empty for an invalid clip.</param>
/// <param name="Bytes">Size of the recording when it was read.</param>
/// <param name="ModifiedTicks">Modification time of the recording, in UTC ticks.</param>
/// <param name="WrittenTicks">Time of this line, in UTC ticks; a clip's last line is valid.</param>
/// <param name="Problem">Reason why there are no frames; empty for a valid clip.</param>
internal sealed record ShardIndexEntry(
    string Key,
    string File,
    string Path,
    string? Label,
    string? Speaker,
    Subset? Split,
    double? Start,
    double? End,
    int Frames,
    double Seconds,
    long Bytes,
    long ModifiedTicks,
    long WrittenTicks,
    bool Synthetic,
    string Problem
)
{
    /// <summary>Identity of the clip.</summary>
    public (string, double?, double?) Clip => (Path, Start, End);

    /// <summary>The entry of a clip that has no frames yet.</summary>
    public static ShardIndexEntry FromClip(Clip clip, bool synthetic) =>
        new(
            Key: "",
            File: "",
            clip.Path,
            clip.Label,
            clip.Speaker,
            clip.Split,
            clip.StartSeconds,
            clip.EndSeconds,
            Frames: 0,
            Seconds: 0,
            Bytes: 0,
            ModifiedTicks: 0,
            WrittenTicks: 0,
            synthetic,
            Problem: ""
        );
}

/// <summary>Index file of a shard, <c>part-….csv</c>.</summary>
internal static class ShardIndex
{
    private static readonly string[] Columns =
    [
        "key",
        "file",
        "path",
        "label",
        "speaker",
        "split",
        "start",
        "end",
        "frames",
        "seconds",
        "bytes",
        "modified",
        "written",
        "synthetic",
        "problem",
    ];

    public static void Write(string path, IEnumerable<ShardIndexEntry> lines) =>
        CsvTable.Write(
            path,
            Columns,
            lines.Select(line =>
                (IReadOnlyList<string>)
                    [
                        line.Key,
                        line.File,
                        line.Path,
                        line.Label ?? "",
                        line.Speaker ?? "",
                        Manifest.NameOf(line.Split),
                        Text(line.Start),
                        Text(line.End),
                        Text(line.Frames),
                        Text(line.Seconds),
                        Text(line.Bytes),
                        Text(line.ModifiedTicks),
                        Text(line.WrittenTicks),
                        line.Synthetic ? "1" : "0",
                        line.Problem,
                    ]
            )
        );

    /// <summary>Reads the last line of each clip over all indexes of a folder, ordered by path.</summary>
    /// <exception cref="InvalidFileException">An index is damaged.</exception>
    public static IReadOnlyList<ShardIndexEntry> ReadAll(string folder)
    {
        var lines = new Dictionary<(string, double?, double?), ShardIndexEntry>();
        foreach (var path in Directory.GetFiles(folder, "part-*.csv").Order(StringComparer.Ordinal))
        foreach (var row in CsvTable.Read(path).Rows)
        {
            var line = Read(path, row);
            if (!lines.TryGetValue(line.Clip, out var known) || known.WrittenTicks <= line.WrittenTicks)
                lines[line.Clip] = line;
        }
        return
        [
            .. lines
                .Values.OrderBy(line => line.Path, StringComparer.Ordinal)
                .ThenBy(line => line.Start ?? 0)
                .ThenBy(line => line.End ?? double.MaxValue),
        ];
    }

    private static ShardIndexEntry Read(string path, CsvRow row)
    {
        try
        {
            var file = row["file"];
            if (file.Length > 0 && (file != System.IO.Path.GetFileName(file) || file.StartsWith('.')))
                throw new FormatException($"file '{file}'");
            return new(
                row["key"],
                file,
                row["path"],
                OrNull(row["label"]),
                OrNull(row["speaker"]),
                Manifest.ParseSubset(row["split"]),
                Seconds(row["start"]),
                Seconds(row["end"]),
                int.Parse(row["frames"], NumberStyles.None, CultureInfo.InvariantCulture),
                Seconds(row["seconds"]) ?? 0,
                ParseInt64(row["bytes"]),
                ParseInt64(row["modified"]),
                ParseInt64(row["written"]),
                row["synthetic"] == "1",
                row["problem"]
            );
        }
        catch (Exception fault) when (fault is FormatException or OverflowException)
        {
            throw new InvalidFileException(
                path,
                null,
                $"line {row.Line} ({fault.Message.TrimEnd('.')})",
                "the index of a shard",
                "remove this index and its shard, and extract again"
            );
        }
    }

    private static string? OrNull(string cell) => cell.Length == 0 ? null : cell;

    private static double? Seconds(string cell) =>
        cell.Length == 0 ? null : double.Parse(cell, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static long ParseInt64(string cell) => long.Parse(cell, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Text(IFormattable? value) =>
        value switch
        {
            null => "",
            double seconds => seconds.ToString("R", CultureInfo.InvariantCulture),
            _ => value.ToString(null, CultureInfo.InvariantCulture),
        };
}
