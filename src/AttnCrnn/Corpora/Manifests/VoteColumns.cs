using System.Globalization;
using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Manifests;

/// <summary>Which columns of a manifest have the votes for a class each, and what is said about the others.</summary>
internal sealed class VoteColumns
{
    private const int MinClasses = 2;
    private const double Tolerance = 1e-6; // of sums of fractions that were rounded

    private readonly ManifestTable table;
    private readonly List<string> notices = [];

    private VoteColumns(ManifestTable table) => this.table = table;

    /// <summary>The columns; empty: there are no votes.</summary>
    public IReadOnlyList<VoteColumn> Classes { get; private set; } = [];

    /// <summary>What must be said about columns that could be votes.</summary>
    public IReadOnlyList<string> Notices => notices;

    /// <summary>
    /// Finds the columns that are named after emotions and have numbers, and those of other classes beside them: those
    /// with which all rows have as many votes.
    /// </summary>
    /// <param name="names">Columns that have no other meaning.</param>
    /// <param name="label">The column of labels (lower case); null: labels are the classes with the most votes.</param>
    /// <exception cref="InvalidFileException">
    /// A cell has no number, or a column beside those of emotions may be a class or not, which would change the labels.
    /// </exception>
    public static VoteColumns Find(ManifestTable table, IReadOnlyList<string> names, string? label)
    {
        var found = new VoteColumns(table);
        VoteColumn[] named = [.. names.Select(VoteColumn.Parse).OfType<VoteColumn>()];
        VoteColumn[] numeric = [.. named.Where(found.RequireNumbers)];
        if (label is not null && (numeric.Length < MinClasses || found.HasNegative(numeric)))
            return found;
        string[] others = [.. names.Except(numeric.Select(column => column.Name)).Where(found.IsNumeric)];
        if (numeric.Length >= MinClasses)
            found.Classes = found.UseLabels([.. numeric, .. found.FindFurther(numeric, others, label)], label);
        else
            found.DescribeUnused(named, numeric, others);
        return found;
    }

    private IEnumerable<VoteColumn> FindFurther(VoteColumn[] classes, string[] others, string? label)
    {
        var sums = Sum(classes.Select(column => column.Name));
        if (AreEqual(sums))
            return [];
        var integers = classes.All(column => Sum([column.Name]).All(double.IsInteger));
        string[] candidates = [.. others.Where(name => IsCandidate(name, integers, sums))];
        if (candidates.Length == 0)
            return [];
        foreach (var further in candidates.Select(name => (string[])[name]).Prepend(candidates))
            if (IsComplete(Add(sums, Sum(further)), others.Except(further)) is { } votes)
            {
                notices.Add(
                    $"{List(further)} {(further.Length == 1 ? "is a class" : "are classes")} as well, "
                        + $"since with {(further.Length == 1 ? "it" : "them")} the votes of each clip are {votes}"
                );
                return further.Select(name => new VoteColumn(name, name));
            }
        if (label is null)
            throw new InvalidFileException(
                table.Path,
                null,
                $"columns {List(classes.Select(column => column.Name))} with votes, and {List(candidates)} with "
                    + "numbers that may be votes or not",
                "votes for all classes, from which the labels follow",
                $"name a column of votes {candidates[0]}_votes, remove others, or add a column label"
            );
        notices.Add(
            $"{List(candidates)} {(candidates.Length == 1 ? "has" : "have")} numbers that may be votes, "
                + $"but {(candidates.Length == 1 ? "is" : "are")} not used: name a column "
                + $"of votes {candidates[0]}_votes"
        );
        return [];
    }

    // The numbers of a class are like those of the others, and neither the same in all rows nor the sum of the others.
    private bool IsCandidate(string name, bool integers, double[] sums)
    {
        var values = Sum([name]);
        return !VoteColumn.IsOtherNumber(name)
            && values.All(value => value >= 0 && value <= 2 * sums.Max() && (!integers || double.IsInteger(value)))
            && !AreEqual(values)
            && values.Any(value => value > 0)
            && !AreSame(values, sums);
    }

    // In words, if each row has as many votes, or as many as another column says.
    private string? IsComplete(double[] sums, IEnumerable<string> others) =>
        AreEqual(sums) ? string.Create(CultureInfo.InvariantCulture, $"{Math.Round(sums[0], 6)} in all")
        : others.FirstOrDefault(name => AreSame(Sum([name]), sums)) is { } total ? $"as many as {total} says"
        : null;

    private static bool AreEqual(double[] values) =>
        values.Length > 1 && values.All(value => Math.Abs(value - values[0]) <= Tolerance * Math.Max(1, values[0]));

    private static bool AreSame(double[] first, double[] second) =>
        first.Length > 1 && first.Zip(second).All(pair => Math.Abs(pair.First - pair.Second) <= Tolerance);

    private static double[] Add(double[] first, double[] second) => [.. first.Zip(second, (a, b) => a + b)];

    private double[] Sum(IEnumerable<string> names)
    {
        string[] keys = [.. names.Select(name => name.ToLowerInvariant())];
        return [.. table.Rows.Select(row => keys.Sum(key => ManifestVotes.TryParse(row[key], out var n) ? n : 0))];
    }

    // The labels' own spelling, so that soft targets find the classes.
    private VoteColumn[] UseLabels(VoteColumn[] classes, string? label)
    {
        var labels = label is null ? [] : table.Rows.Select(row => row[label]).Distinct().ToList();
        var named = classes
            .Select(column =>
                column with
                {
                    Label = labels.Find(text => VoteColumn.AreEqual(text, column.Label)) ?? column.Label,
                }
            )
            .ToArray();
        return named.GroupBy(column => column.Label).FirstOrDefault(columns => columns.Skip(1).Any()) is { } twice
            ? throw new InvalidFileException(
                table.Path,
                null,
                $"columns {List(twice.Select(column => column.Name))} for the votes for {twice.Key}",
                "one column for each class",
                "remove one of them"
            )
            : named;
    }

    // Whether a column has numbers; one that has some, and other cells, is an error.
    private bool RequireNumbers(VoteColumn column)
    {
        var cells = table.Rows.Where(row => !MissingValue.Matches(row[column.Key])).ToList();
        var invalid = cells.Where(row => !ManifestVotes.TryParse(row[column.Key], out _)).ToList();
        if (invalid.Count == 0)
            return true;
        return 2 * invalid.Count > cells.Count
            ? false
            : throw new InvalidFileException(
                table.Path,
                null,
                $"{InputFile.Quote(invalid[0][column.Key])} as {column.Name} in line {invalid[0].Line}",
                "a number of votes, as in the other lines",
                "correct the line, or rename the column if it has no votes"
            );
    }

    // Beside a label, numbers of emotions may be anything, such as the logits of a model.
    private bool HasNegative(VoteColumn[] classes)
    {
        foreach (var row in table.Rows)
        foreach (var column in classes)
            if (ManifestVotes.TryParse(row[column.Key], out var number) && number < 0)
            {
                notices.Add(
                    $"{List(classes.Select(other => other.Name))} are no votes, since there is "
                        + $"{InputFile.Quote(row[column.Key])} as {column.Name} in line {row.Line}"
                );
                return true;
            }
        return false;
    }

    private bool IsNumeric(string name)
    {
        var key = name.ToLowerInvariant();
        return table.Rows.All(row => ManifestVotes.TryParse(row[key], out _))
            && table.Rows.Any(row => !MissingValue.Matches(row[key]));
    }

    private void DescribeUnused(VoteColumn[] named, VoteColumn[] numeric, string[] others)
    {
        const string remedy =
            "votes need a column for each class, named after an emotion (angry) or with votes in its name (meh_votes)";
        if (named.Except(numeric).FirstOrDefault() is { } text && named.Length >= MinClasses)
        {
            var row = table.Rows.First(row => !ManifestVotes.TryParse(row[text.Key], out _));
            notices.Add(
                $"{List(named.Except(numeric).Select(column => column.Name))} have no numbers (for "
                    + $"example {InputFile.Quote(row[text.Key])} in line {row.Line}) and are no votes"
            );
        }
        string[] unclear =
        [
            .. numeric.Select(column => column.Name),
            .. others.Where(name => !VoteColumn.IsOtherNumber(name) || name.Length == 1),
        ];
        if (unclear.Length >= MinClasses)
            notices.Add(
                $"there is no column of labels, and {List(unclear)} have numbers, but are not read as "
                    + $"votes: {remedy}"
            );
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Select(InputFile.Sanitize));
}
