using AttnCrnn.Reports.Plots;

namespace AttnCrnn.Reports.Charts;

/// <summary>
/// Training history: loss above, accuracy and UAR below, of the training and the validation set. With folds, a thin
/// line for each, and their mean.
/// </summary>
internal sealed class HistoryChart(IReadOnlyList<HistoryCurves> histories) : Chart
{
    private const double PlotHeight = 110;
    private const double TopMargin = 6;
    private const double FoldOpacity = 0.3;

    public override string Name => "training_history";

    public override string Title => "Training history";

    public override string Description =>
        "Loss, and accuracy and UAR, by epoch, of the training and the validation set. "
        + string.Join("; ", histories.Select(Describe))
        + ".";

    public override double Height =>
        (2 * (TopMargin + PlotHeight + PlotArea.BottomMargin)) + CreateLegend(SvgColors.Paper).Height + 4;

    private bool HasFolds => histories.Count > 1;

    private int Epochs => histories.Max(history => history.Metrics["val_loss"].Length);

    public override void Draw(SvgCanvas canvas)
    {
        var curves = ListCurves(canvas.Colors);
        var loss = CreatePlot(canvas, TopMargin, ChooseLossRange());
        loss.DrawAxes("epoch", "loss");
        foreach (var curve in curves.Where(curve => curve.Metric.EndsWith("loss", StringComparison.Ordinal)))
            Draw(loss, curve.Metric, curve.Stroke);
        var second = (2 * TopMargin) + PlotHeight + PlotArea.BottomMargin;
        var accuracy = CreatePlot(canvas, second, (0, 1));
        accuracy.DrawAxes("epoch", "accuracy, UAR");
        foreach (var curve in curves.Where(curve => !curve.Metric.EndsWith("loss", StringComparison.Ordinal)))
            Draw(accuracy, curve.Metric, curve.Stroke);
        foreach (var history in histories.Where(HasBestEpoch))
            accuracy.DrawPoint(
                history.BestEpoch,
                history.Metrics["val_accuracy"][history.BestEpoch - 1],
                HasFolds ? 2 : 3,
                canvas.Colors.GetSeries(1)
            );
        CreateLegend(canvas.Colors).Draw(canvas, 8, second + PlotHeight + PlotArea.BottomMargin);
    }

    private PlotArea CreatePlot(SvgCanvas canvas, double top, (double Min, double Max) range) =>
        new(canvas, (PlotArea.LeftMargin, top), (Width - PlotArea.LeftMargin - 8, PlotHeight))
        {
            XRange = Epochs > 1 ? (1, Epochs) : (0, 2),
            YRange = range,
            CountsX = true,
        };

    private void Draw(PlotArea plot, string metric, SvgStroke stroke)
    {
        if (!HasFolds)
        {
            plot.DrawEpochs(histories[0].Metrics[metric], stroke);
            return;
        }
        foreach (var history in histories)
            plot.DrawEpochs(history.Metrics[metric], CreateThin(stroke));
        plot.DrawEpochs(AverageFolds(metric), stroke with { Width = 1.8 });
    }

    private static SvgStroke CreateThin(SvgStroke stroke) =>
        stroke with
        {
            Width = 0.75,

            Opacity = FoldOpacity,
        };

    // Of the folds that were trained for that many epochs.
    private double[] AverageFolds(string metric) =>
        [
            .. Enumerable
                .Range(0, Epochs)
                .Select(epoch =>
                    histories
                        .Select(history => history.Metrics[metric])
                        .Where(values => values.Length > epoch)
                        .Average(values => values[epoch])
                ),
        ];

    private static List<(string Metric, string Text, SvgStroke Stroke)> ListCurves(SvgColors colors) =>
        [
            ("loss", "training loss", new(colors.GetSeries(0), 1.2, "4 2")),
            ("val_loss", "validation loss", new(colors.GetSeries(1), 1.2)),
            ("accuracy", "training accuracy", new(colors.GetSeries(0), 1.2, "4 2")),
            ("val_accuracy", "validation accuracy", new(colors.GetSeries(1), 1.2)),
            ("val_uar", "validation UAR", new(colors.GetSeries(2), 1.2, "1.5 1.5")),
        ];

    // Loss and accuracy have the same strokes.
    private Legend CreateLegend(SvgColors colors)
    {
        var curves = ListCurves(colors);
        return new(
            [
                ("training", curves[0].Stroke),
                ("validation", curves[1].Stroke),
                (curves[4].Text, curves[4].Stroke),
                .. HasFolds ? ((string, SvgStroke)[])[("thin: one fold", CreateThin(curves[1].Stroke))] : [],
            ],
            Width - 8
        );
    }

    private (double Min, double Max) ChooseLossRange()
    {
        double[] losses =
        [
            .. histories
                .SelectMany(history => history.Metrics["loss"].Concat(history.Metrics["val_loss"]))
                .Where(double.IsFinite),
        ];
        if (losses.Length == 0)
            return (0, 1);
        var margin = Math.Max(0.05 * (losses.Max() - losses.Min()), 0.01);
        return (Math.Max(0, losses.Min() - margin), losses.Max() + margin);
    }

    private static bool HasBestEpoch(HistoryCurves history) =>
        history.BestEpoch >= 1 && history.BestEpoch <= history.Metrics["val_accuracy"].Length;

    private static string Describe(HistoryCurves history)
    {
        var fold = history.Fold is { } number ? $"fold {number}: " : "";
        var epochs = history.Metrics["val_loss"].Length;
        return HasBestEpoch(history)
            ? $"{fold}{epochs} epochs, best epoch {history.BestEpoch} with validation accuracy "
                + ChartText.Format(history.Metrics["val_accuracy"][history.BestEpoch - 1])
            : $"{fold}{epochs} epochs";
    }
}
