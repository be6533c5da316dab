using System.Globalization;
using AttnCrnn.Audio;
using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.IO;

namespace AttnCrnn.Features.Shards;

/// <summary>An entry of a shard's index: a clip with its frames, or the reason why it has none.</summary>
/// <param name="File">File name of the shard or .npz file with the frames; empty for an invalid clip.</param>
/// <param name="Bytes">Size of the recording when it was read.</param>
/// <param name="ModifiedTicks">Modification time of the recording, in UTC ticks; 0 if it was not read.</param>
/// <param name="WrittenTicks">Time of this entry, in UTC ticks; the newest entry of a clip is used.</param>
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
    /// <summary>Sex of the speaker; null if unknown, as in older stores.</summary>
    public string? Sex { get; init; }

    /// <summary>Recording session; null if unknown, as in older stores.</summary>
    public string? Session { get; init; }

    /// <summary>Votes of several raters; null if there is only a label, as in older stores.</summary>
    public LabelVotes? Votes { get; init; }

    /// <summary>The channel that was read; the mean in older stores.</summary>
    public AudioChannel Channel { get; init; }

    /// <summary>The channel that the corpus assigns to the clip; null: none, as in older stores.</summary>
    public AudioChannel? ClipChannel { get; init; }

    /// <summary>Stands for the sources of entries that record none, as those of earlier versions.</summary>
    public const string UnknownSource = "?";

    /// <summary>
    /// Identifiers of the sources that give the clip these values, separated by spaces; null if they are not recorded,
    /// as in older stores.
    /// </summary>
    public string? Sources { get; init; }

    /// <summary>Identifiers of the sources that named the clip before, and do not any more.</summary>
    public string DroppedBy { get; init; } = "";

    /// <summary>What the audit measured; null if the clip was not audited, as in older stores.</summary>
    public ClipAudit? Audit { get; init; }

    /// <summary><see cref="Sources"/>, one by one.</summary>
    public IReadOnlyList<string> NamingSources => SourceIds.Parse(Sources);

    /// <summary>All sources of which the entry says something.</summary>
    public IReadOnlyList<string> ListSources() =>
        Sources is null ? [UnknownSource] : [.. NamingSources, .. SourceIds.Parse(DroppedBy)];

    /// <summary>Whether another entry gives the same label, speaker and subset.</summary>
    public bool HasNamesOf(ShardIndexEntry other) =>
        (Label, Speaker, Split) == (other.Label, other.Speaker, other.Split);

    /// <summary>Whether another entry gives the same values of every kind.</summary>
    public bool HasValuesOf(ShardIndexEntry other) =>
        HasNamesOf(other)
        && Sex == other.Sex
        && Session == other.Session
        && Equals(Votes, other.Votes)
        && Synthetic == other.Synthetic;

    /// <summary>The entry with the values of another.</summary>
    public ShardIndexEntry WithValuesOf(ShardIndexEntry other) =>
        this with
        {
            Label = other.Label,
            Speaker = other.Speaker,
            Split = other.Split,
            Sex = other.Sex,
            Session = other.Session,
            Votes = other.Votes,
            Synthetic = other.Synthetic,
        };

    /// <summary>Identity of the clip.</summary>
    public (string, double?, double?, AudioChannel?) Clip => (Path, Start, End, ClipChannel);

    /// <summary>The clip with its frames.</summary>
    /// <param name="file">Path of the file with the frames.</param>
    public StoredClip ToStoredClip(string file) =>
        new(Key, Path, Label, Speaker, Split, Start, End, Frames, Seconds, file)
        {
            Sex = Sex,
            Session = Session,
            Votes = Votes,
            Channel = ClipChannel,
            ExtractedChannel = Channel,
            Audit = Audit,
        };

    /// <summary>Path, and segment if the clip is one, for messages.</summary>
    public string Name => ClipName.Format(Path, Start, End);

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
        )
        {
            Sex = clip.Sex,

            Session = clip.Session,

            Votes = clip.Votes,

            ClipChannel = clip.Channel,
        };
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
        "sex",
        "votes",
        "channel",
        "clip_channel",
        "sources",
        "session",
        "dropped_by",
        "audit",
        "fingerprint",
    ];

    // In the column sources, where an empty cell means that they are not recorded.
    private const string NoSource = "none";

    public static void Write(string path, IEnumerable<ShardIndexEntry> entries) =>
        CsvTable.Write(
            path,
            Columns,
            entries.Select(entry =>
                (IReadOnlyList<string>)
                    [
                        entry.Key,
                        entry.File,
                        StoredPath.Format(entry.Path),
                        entry.Label ?? "",
                        entry.Speaker ?? "",
                        Manifest.GetName(entry.Split),
                        Format(entry.Start),
                        Format(entry.End),
                        Format(entry.Frames),
                        Format(entry.Seconds),
                        Format(entry.Bytes),
                        StoredTime.Format(entry.ModifiedTicks),
                        StoredTime.Format(entry.WrittenTicks),
                        entry.Synthetic ? "1" : "0",
                        entry.Problem,
                        entry.Sex ?? "",
                        entry.Votes?.ToString() ?? "",
                        entry.Channel == AudioChannel.Mix ? "" : entry.Channel.ToString(),
                        entry.ClipChannel?.ToString() ?? "",
                        entry.Sources is "" ? NoSource : entry.Sources ?? "",
                        entry.Session ?? "",
                        entry.DroppedBy,
                        entry.Audit?.FormatFacts() ?? "",
                        entry.Audit?.Fingerprint ?? "",
                    ]
            )
        );

    /// <summary>
    /// Reads one entry of each clip from all indexes of a folder, the newest with the values of all its sources;
    /// ordered by path.
    /// </summary>
    /// <exception cref="InvalidFileException">An index is damaged.</exception>
    public static IReadOnlyList<ShardIndexEntry> ReadAll(string folder) =>
        [.. ReadClips(folder).Ordered.Select(clip => clip.Merge())];

    /// <summary>Reads all indexes of a folder, by clip.</summary>
    /// <exception cref="InvalidFileException">An index is damaged.</exception>
    public static EntriesByClip ReadClips(string folder) =>
        EntriesByClip.Create(ReadEntries(folder).Select(entry => new FolderEntry(folder, entry)));

    /// <summary>Reads all entries of all indexes of a folder, also those that newer ones replace.</summary>
    /// <exception cref="InvalidFileException">An index is damaged.</exception>
    public static IEnumerable<ShardIndexEntry> ReadEntries(string folder)
    {
        foreach (var path in Directory.GetFiles(folder, "part-*.csv").Order(StringComparer.Ordinal))
        foreach (var row in CsvTable.Read(path).Rows)
            yield return Read(path, row);
    }

    private static ShardIndexEntry Read(string path, CsvRow row)
    {
        var cells = new CsvCells(
            path,
            row,
            "the index of a shard",
            "remove this index and its shard, and extract the features again"
        );
        return new(
            row["key"],
            cells.Parse("file", ParseFile),
            StoredPath.Parse(row["path"]),
            NullIfEmpty(row["label"]),
            NullIfEmpty(row["speaker"]),
            cells.Parse("split", Manifest.ParseSubset),
            cells.Parse("start", ParseSeconds),
            cells.Parse("end", ParseSeconds),
            cells.Parse("frames", ParseInt32),
            cells.Parse("seconds", ParseSeconds) ?? 0,
            cells.Parse("bytes", ParseInt64),
            cells.Parse("modified", StoredTime.Parse),
            cells.Parse("written", StoredTime.Parse),
            row["synthetic"] == "1",
            row["problem"]
        )
        {
            Sex = NullIfEmpty(row["sex"]),

            Session = NullIfEmpty(row["session"]),

            Votes = cells.Parse("votes", ParseVotes),

            Channel = cells.Parse("channel", ParseChannel) ?? AudioChannel.Mix,

            ClipChannel = cells.Parse("clip_channel", ParseChannel),

            Sources = row["sources"] is NoSource ? "" : NullIfEmpty(row["sources"]),

            DroppedBy = row["dropped_by"],

            Audit = cells.Parse("audit", cell => ParseAudit(cell, row["fingerprint"])),
        };
    }

    // Of this folder: a path could lead out of it.
    private static string ParseFile(string cell) =>
        cell.Length > 0 && (cell != System.IO.Path.GetFileName(cell) || cell.StartsWith('.'))
            ? throw new FormatException()
            : cell;

    private static string? NullIfEmpty(string cell) => cell.Length == 0 ? null : cell;

    private static LabelVotes? ParseVotes(string cell) => cell.Length == 0 ? null : LabelVotes.Parse(cell);

    private static AudioChannel? ParseChannel(string cell) => cell.Length == 0 ? null : AudioChannel.Parse(cell);

    private static ClipAudit? ParseAudit(string facts, string fingerprint) =>
        facts.Length == 0 ? null : ClipAudit.Parse(facts, fingerprint);

    private static double? ParseSeconds(string cell) =>
        cell.Length == 0 ? null : double.Parse(cell, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static int ParseInt32(string cell) => int.Parse(cell, NumberStyles.None, CultureInfo.InvariantCulture);

    private static long ParseInt64(string cell) => long.Parse(cell, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Format(IFormattable? value) =>
        value switch
        {
            null => "",
            double seconds => seconds.ToString("R", CultureInfo.InvariantCulture),
            _ => value.ToString(null, CultureInfo.InvariantCulture),
        };
}
