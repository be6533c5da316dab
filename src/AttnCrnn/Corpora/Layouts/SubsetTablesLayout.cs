using System.Text.RegularExpressions;
using AttnCrnn.Corpora.Manifests;
using AttnCrnn.Corpora.Readers;
using AttnCrnn.Corpora.Splits;

namespace AttnCrnn.Corpora.Layouts;

/// <summary>
/// One table per subset, NAME_train.csv, NAME_dev.csv and NAME_test.csv, with the columns of manifests, as nkululeko's
/// recipes write them; another NAME.csv has the same rows.
/// </summary>
internal sealed partial class SubsetTablesLayout : IFolderReader
{
    public string Name => "tables by subset (nkululeko)";

    public bool Recognizes(CorpusFolder folder)
    {
        var subsets = FindTables(folder).Select(table => table.Subset).ToHashSet();
        return subsets.Contains(Subset.Train) && subsets.Count > 1;
    }

    public CorpusClips Read(CorpusFolder folder, CorpusReadOptions options)
    {
        var clips = new LayoutClips(folder, Name, options);
        var tables = FindTables(folder).ToList();
        foreach (var (path, name, subset) in tables)
        {
            var table = LayoutTable.Read(path);
            var column = table.FindColumn(ManifestField.Recording)!;
            foreach (var row in table.Rows)
                clips.Add(table.CreateRow(row, RequireRecording(table, row, column), name) with { Split = subset });
        }
        var others = folder.Files.Where(file => IsTable(file) && tables.All(table => table.Path != file)).ToList();
        if (others.Count > 0)
            clips.Notify(
                $"{folder.Path}: {others.Count} other tables are not read, whose names say no subset (for example "
                    + $"{others[0]}); name one as the source to read it"
            );
        return clips.Create(
            $"{tables.Count} tables: {string.Join(", ", tables.Select(t => Path.GetFileName(t.Path)))}"
        );
    }

    private static string RequireRecording(LayoutTable table, IO.CsvRow row, string column) =>
        row[column].Length > 0
            ? row[column]
            : throw new InvalidFileException(
                table.Path,
                null,
                $"no {column} in line {row.Line}",
                "a recording",
                "fill the cell or remove the line"
            );

    private static IEnumerable<(string Path, string Name, Subset Subset)> FindTables(CorpusFolder folder)
    {
        foreach (var file in folder.Files)
        {
            var match = NamePattern().Match(Path.GetFileName(file));
            if (!match.Success || !HasFileColumn(file))
                continue;
            var name = match.Groups["name"].Success ? match.Groups["name"].Value : Path.GetFileName(folder.Path);
            yield return (file, name, SubsetNames.Find(match.Groups["subset"].Value)!.Value);
        }
    }

    private static bool IsTable(string file) => Path.GetExtension(file) is ".csv" or ".tsv" && HasFileColumn(file);

    private static bool HasFileColumn(string file) =>
        LayoutTable.ReadHeader(file) is { } header
        && ManifestColumnNames.Get(ManifestField.Recording).Any(header.Contains);

    [GeneratedRegex(
        @"^(?:(?<name>.+)[-_.])?(?<subset>train|training|val|valid|validation|dev|devel|development|test|testing|eval)"
            + @"\.(?:csv|tsv)$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex NamePattern();
}
