using AttnCrnn.Corpora.Readers;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Options;

namespace AttnCrnn.Corpora.Layouts.Audformat;

/// <summary>
/// Databases of audformat: db.yaml with tables db.NAME.csv. Labels come from the table <c>emotion</c>, or from the
/// tables of its splits; subsets from the tables with a split.
/// </summary>
/// <remarks>https://audeering.github.io/audformat</remarks>
internal sealed class AudformatLayout : IFolderReader
{
    private const string HeaderName = "db.yaml";

    public string Name => "audformat";

    public bool Recognizes(CorpusFolder folder) => FindHeaders(folder).Any();

    public CorpusClips Read(CorpusFolder folder, CorpusReadOptions options)
    {
        var clips = new LayoutClips(folder, Name, options);
        var databases = new List<string>();
        foreach (var path in FindHeaders(folder))
        {
            var header = AudformatHeader.Read(path);
            var selection = AudformatSelection.Create(header, options.Tables);
            AddClips(clips, folder, header, selection);
            databases.Add(
                $"{header.Name}, labels of {string.Join(", ", selection.Labels.Select(table => table.Name))}"
            );
            if (selection.Others.Count > 0)
                clips.Notify(
                    $"{folder.Path}: {selection.Others.Count} other tables of {header.Name} have labels "
                        + $"({string.Join(", ", selection.Others.Take(8))}); {NoticeText.Mark(OptionKeys.Tables)} "
                        + "selects tables by name"
                );
        }
        return clips.Create($"database {string.Join("; ", databases)}");
    }

    private static void AddClips(
        LayoutClips clips,
        CorpusFolder folder,
        AudformatHeader header,
        AudformatSelection selection
    )
    {
        var speakers = AudformatSpeakers.Read(header);
        var subsets = selection.ReadSubsets(header);
        var corrupted = 0;
        foreach (var table in selection.Labels)
        foreach (var row in table.Read(header.Folder))
        {
            if (speakers.Corrupted.Contains(row["file"]))
                corrupted++;
            else
                clips.Add(CreateRow(header, table, row, speakers, subsets));
        }
        if (corrupted > 0)
            clips.Notify($"{folder.Path}: {corrupted} clips are marked as corrupted in {header.Name} and are left out");
    }

    private static LayoutRow CreateRow(
        AudformatHeader header,
        AudformatTable table,
        AudformatRow row,
        AudformatSpeakers speakers,
        IReadOnlyDictionary<string, Subset> subsets
    )
    {
        var file = row["file"];
        var speaker =
            table.Speaker is { } column && row[column.Name].Length > 0 ? row[column.Name] : speakers.FindSpeaker(file);
        var start = row.GetSeconds("start");
        var end = row.GetSeconds("end");
        return new(header.Path, row.Line, file)
        {
            Table = row.Path,
            Label = table.Label is { } label ? row[label.Name] : null,
            Speaker = speaker is null ? null : $"{header.Name}_{speaker}",
            Sex = table.Sex is { } sex && row[sex.Name].Length > 0 ? row[sex.Name] : speakers.FindSex(file, speaker),
            Split = header.FindSubset(table.SplitId) ?? FindSubset(subsets, file),
            StartSeconds = table.IsSegmented ? start ?? 0 : null,
            EndSeconds = end,
        };
    }

    private static Subset? FindSubset(IReadOnlyDictionary<string, Subset> subsets, string file) =>
        subsets.TryGetValue(file, out var subset) ? subset : null;

    private static IEnumerable<string> FindHeaders(CorpusFolder folder) =>
        folder.Files.Where(file =>
            Path.GetFileName(file) == HeaderName && LayoutTable.BeginsWith(file, "name:") && HasTables(folder, file)
        );

    private static bool HasTables(CorpusFolder folder, string header) =>
        folder.Files.Any(file =>
            Path.GetDirectoryName(file) == Path.GetDirectoryName(header)
            && Path.GetFileName(file).StartsWith("db.", StringComparison.Ordinal)
            && Path.GetExtension(file) is ".csv" or ".parquet"
        );
}
