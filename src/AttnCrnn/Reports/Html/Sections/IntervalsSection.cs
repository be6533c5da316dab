using AttnCrnn.Evaluation.Statistics;

namespace AttnCrnn.Reports.Html.Sections;

/// <summary>The main metrics with their confidence intervals, and a warning if there are few speakers.</summary>
internal sealed class IntervalsSection : IReportSection
{
    public string Title => "Confidence intervals";

    public bool AppliesTo(ReportContent content) => true;

    public void Write(HtmlWriter page, ReportContent content)
    {
        var metrics = content.Result.Metrics;
        var intervals = content.Result.ConfidenceIntervals;
        if (ConfidenceIntervalText.DescribeWarning(intervals) is { } warning)
            HtmlPage.WriteWarning(page, "Few speakers.", warning);
        HtmlTable.WriteStart(page, ConfidenceIntervalText.Describe(intervals), "metric", "value", "95% CI");
        WriteRow(page, "UAR", metrics.Uar, intervals.Uar);
        WriteRow(page, "accuracy (WA)", metrics.Accuracy, intervals.Accuracy);
        WriteRow(page, "macro F1", metrics.MacroF1, intervals.MacroF1);
        WriteRow(page, "macro AUC", metrics.MacroAuc, intervals.MacroAuc);
        WriteRow(page, "macro average precision", metrics.MacroAveragePrecision, intervals.MacroAveragePrecision);
        WriteRow(page, "log loss", metrics.LogLoss, intervals.LogLoss);
        WriteRow(page, "Brier score", metrics.Brier, intervals.Brier);
        WriteRow(page, "expected calibration error", metrics.Ece, intervals.Ece);
        HtmlTable.WriteEnd(page);
    }

    private static void WriteRow(HtmlWriter page, string name, double value, ConfidenceInterval? interval) =>
        HtmlTable.WriteRow(page, name, HtmlNumbers.FormatNumber(value), IntervalCells.FormatNumber(interval));
}
