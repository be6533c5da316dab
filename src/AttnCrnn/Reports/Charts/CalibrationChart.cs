using AttnCrnn.Evaluation;
using AttnCrnn.Metrics;

namespace AttnCrnn.Reports.Charts;

/// <summary>Reliability diagram: accuracy by confidence.</summary>
internal sealed class CalibrationChart(EvaluationResult result) : Chart
{
    private const double PlotHeight = 190;
    private const double TopMargin = 6;

    public override string Name => "calibration";

    public override string Title => "Reliability diagram";

    public override string Description =>
        "Accuracy by confidence in bins; on the diagonal the model is calibrated. "
        + string.Join(' ', ListCurves().Select(Describe));

    public override double Height =>
        TopMargin + PlotHeight + PlotArea.BottomMargin + CreateLegend(SvgColors.Paper).Height + 4;

    public override void Draw(SvgCanvas canvas)
    {
        var plot = new PlotArea(canvas, (PlotArea.LeftMargin, TopMargin), (Width - PlotArea.LeftMargin - 8, PlotHeight))
        {
            XRange = (0, 1),
            YRange = (0, 1),
        };
        plot.DrawAxes("confidence", "accuracy");
        plot.DrawDiagonal();
        foreach (var (index, curve) in ListCurves().Index())
        {
            var stroke = SvgStroke.ForSeries(canvas.Colors, index);
            CalibrationBin[] bins = [.. curve.Metrics.Bins.Where(bin => bin.Count > 0)];
            plot.DrawCurve(bins.Select(bin => (bin.Confidence, bin.Accuracy)), stroke);
            var max = bins.Select(bin => bin.Count).DefaultIfEmpty(1).Max();
            foreach (var bin in bins)
                plot.DrawPoint(
                    bin.Confidence,
                    bin.Accuracy,
                    2 + (5 * Math.Sqrt((double)bin.Count / max)),
                    stroke.Color,
                    0.7
                );
        }
        CreateLegend(canvas.Colors).Draw(canvas, 8, TopMargin + PlotHeight + PlotArea.BottomMargin);
    }

    // The probabilities as predicted are first.
    private IEnumerable<(string Name, CalibrationMetrics Metrics)> ListCurves()
    {
        var calibration = result.Calibration;
        yield return (calibration.Unscaled is null ? "as predicted" : "after temperature scaling", calibration.After);
        if (calibration.Unscaled is { } unscaled)
            yield return ("before temperature scaling", unscaled);
    }

    private Legend CreateLegend(SvgColors colors) =>
        new(
            [
                .. ListCurves()
                    .Index()
                    .Select(curve =>
                        (
                            $"{curve.Item.Name}, ECE {ChartText.Format(curve.Item.Metrics.Ece)}",
                            SvgStroke.ForSeries(colors, curve.Index)
                        )
                    ),
            ],
            Width - 8
        );

    private static string Describe((string Name, CalibrationMetrics Metrics) curve) =>
        $"Probabilities {curve.Name}: expected calibration error {ChartText.Format(curve.Metrics.Ece)}; "
        + string.Join(
            "; ",
            curve
                .Metrics.Bins.Where(bin => bin.Count > 0)
                .Select(bin =>
                    $"confidence {ChartText.Format(bin.Confidence)}: accuracy {ChartText.Format(bin.Accuracy)} "
                    + $"({bin.Count} clips)"
                )
        )
        + ".";
}
