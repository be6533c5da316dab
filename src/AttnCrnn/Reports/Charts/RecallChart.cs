using AttnCrnn.Evaluation;
using AttnCrnn.Reports.Plots;

namespace AttnCrnn.Reports.Charts;

/// <summary>
/// Recall of the hard classes on the validation set by epoch, above those of the other classes; with folds, the mean
/// over the folds that were trained for that many epochs.
/// </summary>
internal sealed class RecallChart : Chart
{
    private const double PlotHeight = 120;
    private const double TopMargin = 6;

    private readonly double[][] recalls; // [classes][epochs]
    private readonly IReadOnlyList<string> labels;
    private readonly IReadOnlyList<HardClass> hardClasses;

    private RecallChart(double[][] recalls, IReadOnlyList<string> labels, IReadOnlyList<HardClass> hardClasses)
    {
        this.recalls = recalls;
        this.labels = labels;
        this.hardClasses = hardClasses;
    }

    public override string Name => "class_recall";

    public override string Title => "Validation recall of the hard classes by epoch";

    public override string Description =>
        "In the last epoch: "
        + string.Join(
            ", ",
            hardClasses.Select(hardClass =>
                $"{labels[hardClass.Index]} {ChartText.Format(recalls[hardClass.Index][^1])}"
            )
        )
        + ".";

    public override double Height =>
        TopMargin + PlotHeight + PlotArea.BottomMargin + CreateLegend(SvgColors.Paper).Height + 4;

    /// <summary>The chart; null if no recalls are recorded.</summary>
    public static RecallChart? Create(
        IReadOnlyList<HistoryCurves> histories,
        EvaluationResult result,
        IReadOnlyList<HardClass> hardClasses
    )
    {
        IReadOnlyList<IReadOnlyList<double>>[] recorded =
        [
            .. histories
                .Select(history => history.ValRecalls)
                .OfType<IReadOnlyList<IReadOnlyList<double>>>()
                .Where(recalls => recalls.All(epoch => epoch.Count == result.Labels.Count)),
        ];
        if (recorded.Length == 0 || hardClasses.Count == 0)
            return null;
        var epochs = recorded.Max(recalls => recalls.Count);
        return new(
            [
                .. result.Labels.Select(
                    (_, index) => Enumerable.Range(0, epochs).Select(epoch => Average(recorded, epoch, index)).ToArray()
                ),
            ],
            result.Labels,
            hardClasses
        );
    }

    public override void Draw(SvgCanvas canvas)
    {
        var epochs = recalls[0].Length;
        var plot = new PlotArea(canvas, (PlotArea.LeftMargin, TopMargin), (Width - PlotArea.LeftMargin - 8, PlotHeight))
        {
            XRange = epochs > 1 ? (1, epochs) : (0, 2),
            YRange = (0, 1),
            CountsX = true,
        };
        plot.DrawAxes("epoch", "recall");
        foreach (var index in Enumerable.Range(0, labels.Count).Except(hardClasses.Select(hard => hard.Index)))
            plot.DrawEpochs(recalls[index], new(canvas.Colors.Muted, 0.75, Opacity: 0.5));
        foreach (var (number, hardClass) in hardClasses.Index())
            plot.DrawEpochs(recalls[hardClass.Index], SvgStroke.ForSeries(canvas.Colors, number) with { Width = 1.5 });
        CreateLegend(canvas.Colors).Draw(canvas, 8, TopMargin + PlotHeight + PlotArea.BottomMargin);
    }

    // Of the folds that have the class in this epoch.
    private static double Average(IReadOnlyList<IReadOnlyList<double>>[] recorded, int epoch, int index)
    {
        double[] values =
        [
            .. recorded
                .Where(recalls => recalls.Count > epoch)
                .Select(recalls => recalls[epoch][index])
                .Where(double.IsFinite),
        ];
        return values.Length > 0 ? values.Average() : double.NaN;
    }

    private Legend CreateLegend(SvgColors colors) =>
        new(
            [
                .. hardClasses
                    .Index()
                    .Select(entry =>
                        (
                            SvgCanvas.Truncate(labels[entry.Item.Index], 16),
                            SvgStroke.ForSeries(colors, entry.Index) with
                            {
                                Width = 1.5,
                            }
                        )
                    ),
            ],
            Width - 8
        );
}
