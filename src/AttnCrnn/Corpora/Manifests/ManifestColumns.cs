using AttnCrnn.Audio;
using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Manifests;

/// <summary>Which column of a manifest has what, by the names that programs of the field write.</summary>
internal sealed class ManifestColumns
{
    private const int MaxNamed = 10;

    private readonly Dictionary<ManifestField, string> columns = [];
    private readonly List<string> ignored = []; // beside the columns that are used

    private ManifestColumns(ManifestTable table, Action<string> notify)
    {
        ignored.AddRange(table.Names.Where(name => name == ManifestWriter.SpeechColumn));
        foreach (var field in ManifestColumnNames.Fields)
        {
            var found = ManifestColumnNames.Find(table, field);
            if (found.Count == 0)
                continue;
            columns.Add(field, found[0].ToLowerInvariant());
            ignored.AddRange(found.Skip(1));
            if (found.Count > 1)
                notify($"columns {string.Join(" and ", found)} both name the {Describe(field)}: {found[0]} is used");
        }
        // Of a whole recording, the duration is only told.
        if (!columns.ContainsKey(ManifestField.Start))
            columns.Remove(ManifestField.Duration);
        // Other programs' columns of this name say how a recording was made, or how many channels it has.
        if (columns.TryGetValue(ManifestField.Channel, out var channel) && !ManifestChannel.IsColumn(table, channel))
        {
            columns.Remove(ManifestField.Channel);
            notify(ManifestChannel.DescribeOther(table, channel));
        }
        if (columns.TryGetValue(ManifestField.Votes, out var votes) && !ManifestVotes.IsVotesColumn(table, votes))
            columns.Remove(ManifestField.Votes);
        if (columns.ContainsKey(ManifestField.Votes))
            return;
        var classes = VoteColumns.Find(table, FindUnused(table), columns.GetValueOrDefault(ManifestField.Label));
        Classes = classes.Classes;
        foreach (var text in classes.Notices)
            notify(text);
    }

    /// <summary>Columns of the votes for a class each; empty if there are none.</summary>
    public IReadOnlyList<VoteColumn> Classes { get; } = [];

    /// <summary>Finds the columns of a table, and says which of several is used and which are not used.</summary>
    /// <exception cref="InvalidFileException">No column names the recordings.</exception>
    public static ManifestColumns Find(ManifestTable table, List<string> notices)
    {
        var found = new ManifestColumns(table, text => notices.Add($"{table.FileName}: {text}"));
        if (found[ManifestField.Recording] is null)
            throw new InvalidFileException(
                table.Path,
                0,
                $"columns {InputFile.Quote(string.Join(", ", table.Names))}",
                $"one of {string.Join(", ", ManifestColumnNames.Get(ManifestField.Recording))}",
                table.Names.Any(AudioReader.HasAudioExtension)
                    ? "put a line with the names of the columns before the first recording, such as path,label"
                    : "name the column of the recordings so"
            );
        var unused = found.FindUnused(table);
        if (SegmentColumns.Check(table, found, unused) is { } times)
            notices.Add(times);
        if (unused.Count > 0)
            notices.Add($"{unused.Count} columns of {table.FileName} are not used: {List(unused)}");
        return found;
    }

    /// <summary>The columns (lower case) that are used.</summary>
    public IEnumerable<string> Used => columns.Values.Concat(Classes.Select(column => column.Key));

    /// <summary>The column (lower case) with a field; null if there is none.</summary>
    public string? this[ManifestField field] => columns.GetValueOrDefault(field);

    private List<string> FindUnused(ManifestTable table) =>
        [
            .. table.Names.Where(name =>
                !columns.ContainsValue(name.ToLowerInvariant())
                && !ignored.Contains(name)
                && Classes.All(column => column.Name != name)
            ),
        ];

    private static string List(List<string> names) => ShortList.Format([.. names.Select(InputFile.Sanitize)], MaxNamed);

    private static string Describe(ManifestField field) =>
        field switch
        {
            ManifestField.Recording => "recording",
            ManifestField.Label => "label",
            ManifestField.Speaker => "speaker",
            ManifestField.Sex => "sex",
            ManifestField.Session => "session",
            ManifestField.Split => "split",
            ManifestField.Start => "start",
            ManifestField.End => "end",
            ManifestField.Duration => "duration",
            ManifestField.Channel => "channel",
            _ => "votes",
        };
}
