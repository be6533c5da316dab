using System.Globalization;
using AttnCrnn.Corpora.Layouts;
using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Manifests;

/// <summary>Votes of raters in a manifest: a cell with all of them, or a column per class with a number.</summary>
internal static class ManifestVotes
{
    /// <summary>
    /// Whether a column has votes as this program writes them; a column of this name in other tables has numbers.
    /// </summary>
    public static bool IsVotesColumn(ManifestTable table, string column)
    {
        var cell = table.Rows.Select(row => row[column]).FirstOrDefault(cell => !MissingValue.Matches(cell));
        try
        {
            return cell is not null && LabelVotes.Parse(cell).Votes.Count > 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>The votes of a row; null if there are none.</summary>
    /// <exception cref="InvalidFileException">A number is negative.</exception>
    public static LabelVotes? Read(ManifestTable table, CsvRow row, IReadOnlyList<VoteColumn> classes)
    {
        var cells = new CsvCells(table.Path, row, "a number of votes, at least 0", "correct the line");
        LabelVote[] votes =
        [
            .. classes
                .Select(column => new LabelVote(column.Label, cells.Parse(column.Key, ParseCount)))
                .Where(vote => vote.Count > 0),
        ];
        return votes.Length == 0 ? null : new(votes);
    }

    /// <summary>
    /// A number of votes, with a point or a comma before its decimals, also as a percentage; True and False as pandas
    /// writes a column per class; 0 for a missing value. It may be negative.
    /// </summary>
    public static bool TryParse(string cell, out double count)
    {
        count = 0;
        if (MissingValue.Matches(cell) || cell.Equals("false", StringComparison.OrdinalIgnoreCase))
            return true;
        if (cell.Equals("true", StringComparison.OrdinalIgnoreCase))
        {
            count = 1;
            return true;
        }
        // Spreadsheets in many languages write 0,75.
        var number = cell.TrimEnd('%').TrimEnd();
        var text = number.Contains('.', StringComparison.Ordinal) ? number : number.Replace(',', '.');
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out count)
            && double.IsFinite(count);
    }

    /// <summary>What was taken for votes, and how they agree with the labels.</summary>
    /// <param name="label">The column of labels; null: the labels are those of the votes.</param>
    public static IEnumerable<string> Describe(
        ManifestTable table,
        IReadOnlyList<VoteColumn> classes,
        string? label,
        ManifestRow[] rows
    )
    {
        var names = string.Join(", ", classes.Select(column => InputFile.Sanitize(column.Name)));
        if (label is null)
        {
            yield return $"{table.FileName}: the columns {names} are votes, and the class with the most is the label";
            ManifestRow[] undecided = [.. rows.Where(row => row.Clip.Label is null)];
            if (undecided.Length > 0)
                yield return $"{table.FileName}: {undecided.Length} clips have no class with the most votes, and thus "
                    + $"no label ({LineList.Format(undecided)})";
            yield break;
        }
        yield return $"{table.FileName}: the columns {names} are votes, for soft targets; the label is that of the "
            + $"column {label}";
        var voted = rows.Count(row => row.Clip.Votes is not null);
        ManifestRow[] contradicting = [.. rows.Where(row => HasOtherMajority(row.Clip))];
        if (contradicting.Length > 0)
            yield return $"{table.FileName}: in {contradicting.Length} of {voted} clips with votes, the "
                + $"label is not the class with the most ({LineList.Format(contradicting)})";
    }

    private static bool HasOtherMajority(Clip clip) =>
        clip is { Label: { } label, Votes.Majority: { } majority }
        && EmotionWords.GetLabel(label) is { } word
        && !VoteColumn.AreEqual(word, majority);

    private static double ParseCount(string cell) =>
        TryParse(cell, out var count) && count >= 0 ? count : throw new FormatException();
}
