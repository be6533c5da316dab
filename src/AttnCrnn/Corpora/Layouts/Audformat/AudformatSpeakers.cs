namespace AttnCrnn.Corpora.Layouts.Audformat;

/// <summary>Speaker and sex of each file of a database, from whichever tables have them.</summary>
internal sealed class AudformatSpeakers
{
    private readonly Dictionary<string, string> speakers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> sexesByFile = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> sexesBySpeaker = new(StringComparer.Ordinal);
    private readonly HashSet<string> corrupted = new(StringComparer.Ordinal);

    /// <summary>Files that the database marks as corrupted.</summary>
    public IReadOnlyCollection<string> Corrupted => corrupted;

    /// <summary>Reads the tables of files that have speakers, sexes or damaged files.</summary>
    /// <exception cref="InvalidFileException">A table is invalid.</exception>
    public static AudformatSpeakers Read(AudformatHeader header)
    {
        var result = new AudformatSpeakers();
        foreach (var table in header.Tables.Where(table => !table.IsSegmented && IsUsed(table)))
            result.Add(header, table);
        return result;
    }

    /// <summary>Speaker of a file; null: unknown.</summary>
    public string? FindSpeaker(string file) => speakers.GetValueOrDefault(file);

    /// <summary>Sex of a file's speaker; null: unknown.</summary>
    public string? FindSex(string file, string? speaker) =>
        sexesByFile.GetValueOrDefault(file)
        ?? (speaker is null ? null : sexesBySpeaker.GetValueOrDefault(NormalizeSpeaker(speaker)));

    private static bool IsUsed(AudformatTable table) =>
        !table.Name.StartsWith("laryngo.", StringComparison.Ordinal)
        && (
            table.Speaker is not null
            || table.Sex is not null
            || table.Columns.Any(column => column.Name == "corrupted")
        );

    private void Add(AudformatHeader header, AudformatTable table)
    {
        foreach (var row in table.Read(header.Folder))
        {
            var file = row["file"];
            if (table.Speaker is { } speaker && !MissingValue.MatchesName(row[speaker.Name]))
                speakers.TryAdd(file, row[speaker.Name]);
            if (table.Sex is { } sex && row[sex.Name].Length > 0)
                sexesByFile.TryAdd(file, row[sex.Name]);
            if (row["corrupted"].Equals("true", StringComparison.OrdinalIgnoreCase))
                corrupted.Add(file);
        }
        AddSexes(header, table.Speaker?.Scheme);
    }

    private void AddSexes(AudformatHeader header, string? scheme)
    {
        foreach (var property in (string[])["gender", "sex"])
        foreach (var (speaker, sex) in header.FindLabelProperties(scheme, property))
            sexesBySpeaker.TryAdd(NormalizeSpeaker(speaker), sex);
        if (header.FindMiscTable(scheme) is not { Sex: { } column } table)
            return;
        foreach (var row in table.Read(header.Folder))
            if (row[column.Name].Length > 0)
                sexesBySpeaker.TryAdd(NormalizeSpeaker(row[table.Index[0]]), row[column.Name]);
    }

    // pandas writes an integer column with empty cells as 3.0.
    private static string NormalizeSpeaker(string speaker) =>
        speaker.EndsWith(".0", StringComparison.Ordinal) && speaker[..^2].All(char.IsAsciiDigit)
            ? speaker[..^2]
            : speaker;
}
