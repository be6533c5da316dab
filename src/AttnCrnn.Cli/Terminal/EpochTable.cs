using System.Globalization;
using AttnCrnn.Deployment.Monitoring;

namespace AttnCrnn.Cli.Terminal;

/// <summary>
/// A table of epochs, printed row by row as they end. On a narrow terminal it has fewer columns: a column is shown
/// whole or not at all.
/// </summary>
internal sealed class EpochTable
{
    private const string Separator = "  ";

    private readonly List<Column> columns;

    /// <summary>Selects the columns.</summary>
    /// <param name="epochs">Maximum number of epochs.</param>
    /// <param name="folds">Number of folds; null without folds.</param>
    /// <param name="width">Columns of the terminal.</param>
    public EpochTable(int epochs, int? folds, int width)
    {
        columns = CreateColumns(epochs, folds ?? 0);
        if (folds is null)
            columns.RemoveAt(0);
        while (columns.Count > 1 && Header.Length > width)
            columns.Remove(columns.MaxBy(column => column.Rank)!);
    }

    /// <summary>The line above the rows.</summary>
    public string Header => Join(column => column.Title);

    /// <summary>The line of an epoch.</summary>
    public string FormatRow(EpochProgress row) => Join(column => column.Format(row)).TrimEnd();

    private string Join(Func<Column, string> format) =>
        string.Join(Separator, columns.Select(column => format(column).PadLeft(column.Width)));

    // In the order of the table. Rank: on a narrow terminal the column of the highest rank is omitted first.
    private static List<Column> CreateColumns(int epochs, int folds) =>
        [
            new("fold", Math.Max(4, $"{folds}/{folds}".Length), 1, row => $"{row.Fold}/{row.Folds}"),
            new("epoch", Math.Max(5, $"{epochs}/{epochs}".Length), 0, row => $"{row.Epoch}/{row.Epochs}"),
            new("loss", 6, 6, row => Format(row.Loss, 6)),
            new("accuracy", 8, 7, row => Format(row.Accuracy, 8)),
            new("val_loss", 8, 5, row => Format(row.ValLoss, 8)),
            new("val_accuracy", 12, 4, row => Format(row.ValAccuracy, 12)),
            new("val_uar", 7, 3, row => Format(row.ValUar, 7)),
            new("lr", 8, 8, row => row.LearningRate.ToString("0.######", CultureInfo.InvariantCulture)),
            new("s", 5, 9, row => Format(row.Seconds, 5, decimals: 1)),
            new("best", 4, 2, row => row.IsBest ? "best" : ""),
        ];

    // With fewer decimals if the number is too wide, so that the columns stay aligned.
    private static string Format(double value, int width, int decimals = 4)
    {
        var text = value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
        for (; text.Length > width && decimals > 0; text = value.ToString($"F{decimals}", CultureInfo.InvariantCulture))
            decimals--;
        return text.Length > width ? value.ToString("0e+0", CultureInfo.InvariantCulture) : text;
    }

    private sealed record Column(string Title, int Width, int Rank, Func<EpochProgress, string> Format);
}
