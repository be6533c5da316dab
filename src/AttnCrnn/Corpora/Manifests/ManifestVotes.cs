using System.Globalization;
using AttnCrnn.IO;
using AttnCrnn.IO.Unicode;

namespace AttnCrnn.Corpora.Manifests;

/// <summary>Votes of raters in a manifest: a cell with all of them, or a column per class with a number.</summary>
internal static class ManifestVotes
{
    private const int MinClasses = 2;

    // Words of the vocabulary that name columns of other numbers as well.
    private static readonly string[] AmbiguousWords = ["low", "normal", "high"];

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

    /// <summary>
    /// The columns that are named after emotions and have numbers in all rows; none if it is only one.
    /// </summary>
    public static IReadOnlyList<string> FindClasses(ManifestTable table, IReadOnlyList<string> names)
    {
        string[] classes = [.. names.Where(name => IsEmotion(name) && IsNumeric(table, name))];
        return classes.Length >= MinClasses ? classes : [];
    }

    /// <summary>The votes of a row; null if there are none.</summary>
    /// <param name="classes">Columns as the file spells them.</param>
    /// <exception cref="InvalidFileException">A number is negative.</exception>
    public static LabelVotes? Read(ManifestTable table, CsvRow row, IReadOnlyList<string> classes)
    {
        var cells = new CsvCells(table.Path, row, "a number of votes, at least 0", "correct the line");
        LabelVote[] votes =
        [
            .. classes
                .Select(name => new LabelVote(NameText.Clean(name), cells.Parse(name.ToLowerInvariant(), ParseCount)))
                .Where(vote => vote.Count > 0),
        ];
        return votes.Length == 0 ? null : new(votes);
    }

    private static bool IsEmotion(string name) =>
        LabelVocabulary.Find(NameText.Clean(name)) is { } word && !AmbiguousWords.Contains(word);

    private static bool IsNumeric(ManifestTable table, string name) =>
        table.Rows.All(row => TryParse(row[name.ToLowerInvariant()], out _));

    private static double ParseCount(string cell) =>
        TryParse(cell, out var count) && count >= 0 ? count : throw new FormatException();

    private static bool TryParse(string cell, out double count)
    {
        count = 0;
        return MissingValue.Matches(cell)
            || (
                double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out count)
                && double.IsFinite(count)
            );
    }
}
