using AttnCrnn.Corpora.Readers.LabelFiles;

namespace AttnCrnn.Corpora.Manifests;

/// <summary>
/// Labels of the column EmoClass, which MSP-Podcast's <c>labels_consensus.csv</c> has: X is no agreement, and the other
/// letters are emotions if all labels are such letters.
/// </summary>
internal sealed class EmoClassCodes
{
    private const string Column = "emoclass";
    private const string NoAgreement = "X";

    private readonly ManifestTable table;
    private readonly string column;
    private readonly Dictionary<string, int> counts;
    private readonly bool areCodes;

    private EmoClassCodes(ManifestTable table, string column)
    {
        this.table = table;
        this.column = column;
        counts = table
            .Rows.Select(row => row[column])
            .Where(cell => !MissingValue.MatchesName(cell))
            .CountBy(cell => cell)
            .ToDictionary();
        areCodes = counts.Keys.All(MspPodcastReader.Codes.ContainsKey);
    }

    /// <summary>The codes of a column of labels; null if its name is another.</summary>
    /// <param name="column">Lower case; null: there is none.</param>
    public static EmoClassCodes? Find(ManifestTable table, string? column) =>
        column is not null && ManifestColumnNames.AreEqual(column, Column) ? new(table, column) : null;

    /// <summary>The label of a cell; null: none.</summary>
    public string? Read(string cell) =>
        cell == NoAgreement ? null
        : areCodes && MspPodcastReader.Codes.TryGetValue(cell, out var label) ? label
        : cell;

    /// <summary>What was decided, with numbers.</summary>
    public IEnumerable<string> Notices()
    {
        if (counts.TryGetValue(NoAgreement, out var without))
            yield return $"{table.FileName}: {without} of {table.Rows.Count} clips are of class X in {column}, on "
                + "which the raters do not agree, and have no label";
        string[] codes =
        [
            .. counts
                .Where(code => areCodes && code.Key != NoAgreement)
                .OrderBy(code => code.Key, StringComparer.Ordinal)
                .Select(code => $"{code.Key} ({code.Value}) is {MspPodcastReader.Codes[code.Key]}"),
        ];
        if (codes.Length > 0)
            yield return $"{table.FileName}: the letters of {column} are read as MSP-Podcast's codes: "
                + string.Join(", ", codes);
    }
}
