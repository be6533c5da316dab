using AttnCrnn.Evaluation;
using AttnCrnn.Reports.Charts;

namespace AttnCrnn.Reports.Html.Sections;

/// <summary>Reliability diagram, and calibration before and after temperature scaling.</summary>
internal sealed class CalibrationSection : IReportSection
{
    public string Title => "Calibration";

    public bool AppliesTo(ReportContent content) => true;

    public void Write(HtmlWriter page, ReportContent content)
    {
        var calibration = content.Result.Calibration;
        page.Write($"<p>{CalibrationText.Describe(calibration)}</p>");
        SvgChart.Write(
            page,
            new CalibrationChart(content.Result),
            "Accuracy by confidence. On the dashed line the model is calibrated; below it, overconfident. Larger dots "
                + "represent more clips."
                + (calibration.Unscaled is null ? "" : " Solid line: after temperature scaling; dashed line: before.")
        );
        WriteMetrics(page, calibration);
        WriteBins(page, calibration);
    }

    private static void WriteMetrics(HtmlWriter page, CalibrationResult calibration)
    {
        HtmlTable.WriteStart(
            page,
            "Lower is better. Expected calibration error: mean difference of accuracy and confidence over the bins.",
            "probabilities",
            "log loss",
            "Brier score",
            "expected calibration error"
        );
        if (calibration.Unscaled is { } unscaled)
            WriteRow(page, "before temperature scaling", unscaled);
        WriteRow(page, calibration.Unscaled is null ? "as predicted" : "after temperature scaling", calibration.After);
        HtmlTable.WriteEnd(page);
    }

    private static void WriteRow(HtmlWriter page, string name, CalibrationMetrics metrics) =>
        HtmlTable.WriteRow(
            page,
            name,
            HtmlNumbers.FormatNumber(metrics.LogLoss),
            HtmlNumbers.FormatNumber(metrics.Brier),
            HtmlNumbers.FormatNumber(metrics.Ece)
        );

    private static void WriteBins(HtmlWriter page, CalibrationResult calibration)
    {
        string[] unscaledColumns = calibration.Unscaled is null
            ? []
            : ["clips before", "confidence before", "accuracy before"];
        HtmlTable.WriteStart(
            page,
            "The bins of the diagram that have clips, by the highest probability of a clip.",
            ["highest probability", "clips", "confidence", "accuracy", .. unscaledColumns]
        );
        foreach (var (i, bin) in calibration.After.Bins.Index())
        {
            var unscaled = calibration.Unscaled?.Bins[i];
            if (bin.Count == 0 && unscaled is not { Count: > 0 })
                continue;
            HtmlTable.WriteRow(
                page,
                FormattableString.Invariant($"{bin.Low:0.00} to {bin.High:0.00}"),
                [.. FormatBin(bin), .. unscaled is null ? [] : FormatBin(unscaled)]
            );
        }
        HtmlTable.WriteEnd(page);
    }

    private static IEnumerable<string> FormatBin(Metrics.CalibrationBin bin) =>
        [
            HtmlNumbers.FormatInteger(bin.Count),
            HtmlNumbers.FormatPercent(bin.Confidence),
            HtmlNumbers.FormatPercent(bin.Accuracy),
        ];
}
