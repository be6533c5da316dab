using AttnCrnn.Corpora.Splits;
using AttnCrnn.Options;

namespace AttnCrnn.Corpora.Layouts.Audformat;

/// <summary>Which tables of a database are read.</summary>
/// <param name="Labels">Tables with the clips and their labels.</param>
/// <param name="Others">Names of tables with labels that are not read.</param>
internal sealed record AudformatSelection(IReadOnlyList<AudformatTable> Labels, IReadOnlyList<string> Others)
{
    private const string Emotion = "emotion";

    /// <summary>
    /// The tables that the user names; else the table <c>emotion</c>; else the tables of splits that differ only in the
    /// split; of several kinds the one with the shortest name, then the intended labels, then the gold standard.
    /// </summary>
    /// <exception cref="InvalidInputException">A named table is not there, or no table has labels.</exception>
    public static AudformatSelection Create(AudformatHeader header, IReadOnlyList<string> named)
    {
        var selected = named.Count > 0 ? SelectNamed(header, named) : SelectDefault(header);
        return new(
            selected,
            [
                .. header
                    .Tables.Where(table => IsCandidate(table) && !selected.Contains(table))
                    .Select(table => table.Name)
                    .Order(StringComparer.Ordinal),
            ]
        );
    }

    /// <summary>Subsets of files from all tables of emotions that belong to a split.</summary>
    /// <exception cref="InvalidFileException">A file is in two subsets.</exception>
    public IReadOnlyDictionary<string, Subset> ReadSubsets(AudformatHeader header)
    {
        var subsets = new Dictionary<string, Subset>(StringComparer.Ordinal);
        if (Labels.All(table => table.SplitId is not null))
            return subsets;
        foreach (var table in header.Tables.Where(table => IsCandidate(table) && !table.IsSegmented))
            if (header.FindSubset(table.SplitId) is { } subset)
                foreach (var row in table.Read(header.Folder))
                    if (!subsets.TryAdd(row["file"], subset) && subsets[row["file"]] != subset)
                        throw new InvalidFileException(
                            row.Path,
                            null,
                            $"{IO.InputFile.Quote(row["file"])} in line {row.Line} as {Manifest.GetName(subset)}, and "
                                + $"in another table as {Manifest.GetName(subsets[row["file"]])}",
                            "each file in one subset",
                            OptionText.Create($"select the tables of one split ({OptionKeys.Tables})")
                        );
        return subsets;
    }

    private static IReadOnlyList<AudformatTable> SelectNamed(AudformatHeader header, IReadOnlyList<string> named) =>
        [
            .. named.Select(name =>
                header.Tables.FirstOrDefault(table => table.Name == name)
                ?? throw new InvalidInputException(
                    header.Path,
                    OptionText.Create(
                        $"no table {IO.InputFile.Quote(name)} ({OptionKeys.Tables}); it has "
                            + $"{string.Join(", ", header.Tables.Select(table => table.Name))}"
                    )
                )
            ),
        ];

    private static IReadOnlyList<AudformatTable> SelectDefault(AudformatHeader header)
    {
        var candidates = header.Tables.Where(IsCandidate).ToList();
        var files = candidates.Where(table => !table.IsSegmented).ToList();
        if (files.FirstOrDefault(table => table.Name == Emotion) is { } allFiles)
            return [allFiles];
        var kinds = files
            .Where(table => header.FindSubset(table.SplitId) is not null)
            .GroupBy(RemoveSplit)
            .OrderBy(kind => Rank(kind.Key))
            .ThenBy(kind => kind.Key.Length)
            .ToList();
        if (kinds.Count > 0)
            return [.. kinds[0]];
        if ((files.FirstOrDefault() ?? candidates.FirstOrDefault()) is { } single)
            return [single];
        throw new InvalidInputException(
            header.Path,
            OptionText.Create(
                $"no table has a column of emotions; name tables ({OptionKeys.Tables}) out of "
                    + $"{string.Join(", ", header.Tables.Select(table => table.Name))}"
            )
        );
    }

    private static bool IsCandidate(AudformatTable table) =>
        table.Label is not null
        && !table.Name.StartsWith("laryngo.", StringComparison.Ordinal)
        && !table.Name.EndsWith(".votes", StringComparison.Ordinal);

    // emotion.categories.train.gold_standard and …test.gold_standard are one kind.
    private static string RemoveSplit(AudformatTable table) =>
        string.Join('.', table.Name.Split('.').Where(part => part != table.SplitId));

    private static int Rank(string kind) =>
        kind is "emotion" or "emotion.categories" ? 0
        : kind.EndsWith(".desired", StringComparison.Ordinal) ? 1
        : kind.EndsWith(".gold_standard", StringComparison.Ordinal) ? 2
        : 3;
}
