using System.Globalization;
using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports.Charts;

/// <summary>Confusion matrix: counts, with a color by fraction of the true class.</summary>
internal sealed class ConfusionChart(EvaluationResult result) : Chart
{
    private const int MaxLabel = 12;
    private const double AxisTitle = 12;

    // At this opacity of the heat color, black and white text have the same contrast, in both themes: 4.5.
    private const double InvertedText = 0.78;

    private readonly int[,] counts = result.Metrics.Confusion;
    private readonly IReadOnlyList<string> labels = result.Labels;

    public override string Name => "confusion_matrix";

    public override string Title => $"Confusion matrix of {result.Metrics.ClipCount} clips";

    public override string Description =>
        "Rows are true classes, columns predicted classes. "
        + string.Join(" ", Enumerable.Range(0, labels.Count).Select(DescribeRow));

    public override double Width => labels.Count > 10 ? PageWidth : ColumnWidth;

    public override double Height => (CellSize * labels.Count) + LabelHeight + AxisTitle + 4;

    private double LabelWidth => labels.Max(label => SvgCanvas.EstimateWidth(SvgCanvas.Truncate(label, MaxLabel)));

    private double Left => AxisTitle + LabelWidth + 4;

    private double CellSize => (Width - Left - 4) / labels.Count;

    private bool RotatesLabels => LabelWidth > CellSize;

    private double LabelHeight => RotatesLabels ? (0.64 * LabelWidth) + 10 : 14;

    public override void Draw(SvgCanvas canvas)
    {
        for (var row = 0; row < labels.Count; row++)
        {
            var total = SumRow(row);
            for (var column = 0; column < labels.Count; column++)
                DrawCell(canvas, row, column, total == 0 ? 0 : (double)counts[row, column] / total);
        }
        DrawLabels(canvas);
        var matrix = CellSize * labels.Count;
        canvas.DrawText((9, 2 + (matrix / 2)), "true", new(TextAnchor.Middle), rotation: -90);
        canvas.DrawText((Left + (matrix / 2), Height - 3), "predicted", new(TextAnchor.Middle));
    }

    private void DrawCell(SvgCanvas canvas, int row, int column, double fraction)
    {
        var size = CellSize;
        var x = Left + (column * size);
        var y = 2 + (row * size);
        canvas.DrawRectangle((x, y), (size, size), canvas.Colors.Heat, fraction);
        canvas.DrawFrame((x, y), (size, size), new(canvas.Colors.Grid, 0.5));
        if (row == column)
            canvas.DrawFrame((x + 1, y + 1), (size - 2, size - 2), new(canvas.Colors.Text, 0.75));
        var color = fraction > InvertedText ? canvas.Colors.OnHeat : canvas.Colors.OffHeat;
        var middle = x + (size / 2);
        var count = counts[row, column].ToString(CultureInfo.InvariantCulture);
        if (size >= 20)
        {
            canvas.DrawText((middle, y + (size / 2)), count, new(TextAnchor.Middle, 7.5, color));
            var percent = (100 * fraction).ToString("0", CultureInfo.InvariantCulture) + "%";
            canvas.DrawText((middle, y + (size / 2) + 8), percent, new(TextAnchor.Middle, 6.5, color));
        }
        else
        {
            var font = Math.Min(7.5, 1.4 * size / Math.Max(3, count.Length));
            canvas.DrawText((middle, y + (size / 2) + (font / 3)), count, new(TextAnchor.Middle, font, color));
        }
    }

    private void DrawLabels(SvgCanvas canvas)
    {
        var size = CellSize;
        var bottom = 2 + (size * labels.Count);
        foreach (var (index, label) in labels.Index())
        {
            var text = SvgCanvas.Truncate(label, MaxLabel);
            var offset = (index + 0.5) * size;
            canvas.DrawText((Left - 4, 2 + offset + 3), text, new(TextAnchor.End));
            if (RotatesLabels)
                canvas.DrawText((Left + offset + 3, bottom + 9), text, new(TextAnchor.End), rotation: -40);
            else
                canvas.DrawText((Left + offset, bottom + 10), text, new(TextAnchor.Middle));
        }
    }

    private int SumRow(int row) => Enumerable.Range(0, labels.Count).Sum(column => counts[row, column]);

    private string DescribeRow(int row)
    {
        var text = $"{labels[row]}: {counts[row, row]} of {SumRow(row)} correct";
        var other = Enumerable
            .Range(0, labels.Count)
            .Where(column => column != row)
            .OrderByDescending(column => counts[row, column])
            .FirstOrDefault(row);
        return other == row || counts[row, other] == 0
            ? $"{text}."
            : $"{text}, most often predicted as {labels[other]} ({counts[row, other]}).";
    }
}
