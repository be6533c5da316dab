namespace AttnCrnn.Cli.Terminal;

/// <summary>A column of a <see cref="ColumnTable"/>.</summary>
/// <param name="Title">The first line.</param>
/// <param name="Rank">On a narrow terminal, the column of the highest rank is omitted first.</param>
/// <param name="Format">The text of a row.</param>
internal sealed record TableColumn<TRow>(string Title, int Rank, Func<TRow, string> Format);

/// <summary>
/// Formats a table with a line per row. On a narrow terminal it has fewer columns: a column is shown whole or not at
/// all.
/// </summary>
internal static class ColumnTable
{
    private const string Separator = "  ";

    /// <summary>The lines of the table: titles, then a line per row.</summary>
    /// <param name="columns">In the order of the table.</param>
    /// <param name="width">Columns of the terminal; null for a pipe, which gets all columns.</param>
    /// <param name="omitted">The titles of the columns that do not fit, in the order of the table.</param>
    public static IReadOnlyList<string> Format<TRow>(
        IReadOnlyList<TableColumn<TRow>> columns,
        IReadOnlyList<TRow> rows,
        int? width,
        out IReadOnlyList<string> omitted
    )
    {
        var shown = columns
            .Select(column =>
                (Column: column, Width: rows.Select(column.Format).Append(column.Title).Max(text => text.Length))
            )
            .ToList();
        while (shown.Count > 1 && shown.Sum(column => column.Width + Separator.Length) > width)
            shown.Remove(shown.MaxBy(column => column.Column.Rank));
        omitted = [.. columns.Except(shown.Select(column => column.Column)).Select(column => column.Title)];
        return [FormatRow(column => column.Title), .. rows.Select(row => FormatRow(column => column.Format(row)))];

        string FormatRow(Func<TableColumn<TRow>, string> format) =>
            string.Join(Separator, shown.Select(column => format(column.Column).PadRight(column.Width))).TrimEnd();
    }
}
