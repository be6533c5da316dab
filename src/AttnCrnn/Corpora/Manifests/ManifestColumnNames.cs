using AttnCrnn.IO.Unicode;

namespace AttnCrnn.Corpora.Manifests;

/// <summary>Names of columns that programs of the field write, by what the columns have.</summary>
internal static class ManifestColumnNames
{
    private const string Onset = "onset";
    private const string Offset = "offset";

    // In the order of preference; without regard to case, spaces, hyphens and underscores.
    private static readonly (ManifestField Field, string[] Names)[] NamesByField =
    [
        (
            ManifestField.Recording,
            [
                .. (string[])["path", "file", "filename", "file_name", "wav", "wav_path"],
                .. (string[])["audio", "audio_path", "audio_filepath", "file_path", "filepath", "audio_file"],
                .. (string[])["wav_file", "audio_filename", "path_to_wav"],
            ]
        ),
        (ManifestField.Label, ["label", "emotion", "emo", "emoclass", "emotion_label", "emotion_name", "label_name"]),
        (
            ManifestField.Speaker,
            [
                .. (string[])["speaker", "spk_id", "spkrid", "speaker_id", "speakerid", "spk", "spkr", "spk_name"],
                .. (string[])["subject", "subject_id", "actor", "actor_id", "actorid", "participant"],
            ]
        ),
        (ManifestField.Sex, ["gender", "sex"]),
        (ManifestField.Session, ["session", "session_id"]),
        (ManifestField.Split, ["split", "subset", "partition", "split_set"]),
        (ManifestField.Start, ["start", "start_time", "begin", Onset, "start_s", "tmin", "xmin", "start_ms", Offset]),
        (ManifestField.End, ["end", "end_time", "stop", "finish", "end_s", "tmax", "xmax", "end_ms", Offset]),
        (ManifestField.Duration, ["duration", "duration_ms"]),
        (ManifestField.Channel, ["channel"]),
        (ManifestField.Votes, ["votes"]),
    ];

    // Names of other things as well: they name a subset only if all cells do.
    private static readonly string[] PossibleSplits = ["set", "data_split"];

    /// <summary>All fields, in the order in which they are looked for.</summary>
    public static IEnumerable<ManifestField> Fields => NamesByField.Select(entry => entry.Field);

    /// <summary>The names of columns with a field, in lower case, in the order of preference.</summary>
    public static IReadOnlyList<string> Get(ManifestField field) =>
        NamesByField.First(entry => entry.Field == field).Names;

    /// <summary>Whether a column of this name has a field.</summary>
    public static bool Matches(ManifestField field, string name) =>
        Get(field).Any(fieldName => AreEqual(fieldName, name));

    /// <summary>Whether the numbers of a column are milliseconds.</summary>
    public static bool IsMilliseconds(string column) => GetKey(column) is "startms" or "endms" or "durationms";

    /// <summary>Whether two names differ at most in case, spaces, hyphens and underscores.</summary>
    public static bool AreEqual(string first, string second) => GetKey(first) == GetKey(second);

    /// <summary>The columns of a table that have a field, the preferred one first.</summary>
    public static IReadOnlyList<string> Find(ManifestTable table, ManifestField field)
    {
        // A segment from its onset to its offset; without an onset, the offset from the start of the recording.
        var unused = field switch
        {
            ManifestField.Start when Contains(table, Onset) => Offset,
            ManifestField.End when !Contains(table, Onset) => Offset,
            _ => null,
        };
        var names = Get(field)
            .Where(name => name != unused)
            .SelectMany(fieldName => table.Names.Where(name => AreEqual(fieldName, name)));
        if (field == ManifestField.Split)
            names = names.Concat(
                PossibleSplits.SelectMany(fieldName =>
                    table.Names.Where(name => AreEqual(fieldName, name) && HasOnlySubsets(table, name))
                )
            );
        return [.. names.Distinct()];
    }

    private static bool Contains(ManifestTable table, string fieldName) =>
        table.Names.Any(name => AreEqual(fieldName, name));

    private static bool HasOnlySubsets(ManifestTable table, string name)
    {
        var cells = table.Rows.Select(row => row[name.ToLowerInvariant()]).Distinct().ToList();
        return cells.All(ManifestSplit.IsValid) && cells.Exists(cell => ManifestSplit.Parse(cell) is not null);
    }

    private static string GetKey(string name) =>
        string.Concat(NameText.GetKey(name).Where(character => character is not (' ' or '-' or '_')));
}
