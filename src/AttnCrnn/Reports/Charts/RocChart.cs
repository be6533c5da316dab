using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports.Charts;

/// <summary>One-vs-rest ROC curve of each class.</summary>
internal sealed class RocChart(EvaluationResult result) : Chart
{
    private const int MaxLabel = 14;
    private const double PlotHeight = 190;
    private const double TopMargin = 6;

    private readonly int[] classes =
    [
        .. Enumerable.Range(0, result.Labels.Count).Where(index => result.Metrics.GetRoc(index).IsDefined),
    ];

    public override string Name => "roc_curves";

    public override string Title => "ROC curves, one-vs-rest";

    public override string Description =>
        "True positive rate by false positive rate of each class. "
        + $"Mean AUC {ChartText.Format(result.Metrics.MacroAuc)}. "
        + $"AUC by class: {string.Join(", ", classes.Select(index => Describe(index, result.Labels[index])))}.";

    public override double Height =>
        TopMargin + PlotHeight + PlotArea.BottomMargin + CreateLegend(SvgColors.Paper).Height + 4;

    public override void Draw(SvgCanvas canvas)
    {
        var plot = new PlotArea(canvas, (PlotArea.LeftMargin, TopMargin), (Width - PlotArea.LeftMargin - 8, PlotHeight))
        {
            XRange = (0, 1),
            YRange = (0, 1),
        };
        plot.DrawAxes("false positive rate", "true positive rate");
        plot.DrawDiagonal();
        foreach (var index in classes)
        {
            var curve = result.Metrics.GetRoc(index);
            plot.DrawCurve(
                curve.FalsePositiveRate.Zip(curve.TruePositiveRate, (x, y) => (x, y)),
                SvgStroke.ForSeries(canvas.Colors, index)
            );
        }
        CreateLegend(canvas.Colors).Draw(canvas, 8, TopMargin + PlotHeight + PlotArea.BottomMargin);
    }

    private Legend CreateLegend(SvgColors colors) =>
        new(
            [
                .. classes.Select(index =>
                    (
                        Describe(index, SvgCanvas.Truncate(result.Labels[index], MaxLabel)),
                        SvgStroke.ForSeries(colors, index)
                    )
                ),
            ],
            Width - 8
        );

    private string Describe(int index, string label) => $"{label} {ChartText.Format(result.Metrics.GetRoc(index).Auc)}";
}
