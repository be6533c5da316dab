using AttnCrnn.Evaluation.Statistics;
using AttnCrnn.Metrics;

namespace AttnCrnn.Reports.Html.Sections;

/// <summary>Metrics of each class.</summary>
internal sealed class ClassesSection : IReportSection
{
    public string Title => "Per-class metrics";

    public bool AppliesTo(ReportContent content) => true;

    public void Write(HtmlWriter page, ReportContent content)
    {
        HtmlTable.WriteStart(
            page,
            "Recall: fraction of the class's clips predicted correctly. "
                + "Precision: fraction of the predictions that are correct.",
            "class",
            "clips",
            "recall",
            "recall, 95% CI",
            "precision",
            "precision, 95% CI",
            "F1",
            "F1, 95% CI",
            "AUC",
            "average precision"
        );
        var intervals = content.Result.ConfidenceIntervals.PerClass;
        foreach (var (k, classMetrics) in content.Result.Metrics.PerClass.Index())
            WriteClass(page, classMetrics, intervals.Count > 0 ? intervals[k] : default);
        HtmlTable.WriteEnd(page);
    }

    private static void WriteClass(HtmlWriter page, ClassMetrics metrics, ClassIntervals intervals) =>
        HtmlTable.WriteRow(
            page,
            metrics.Label,
            HtmlNumbers.FormatInteger(metrics.Support),
            HtmlNumbers.FormatPercent(metrics.Support == 0 ? double.NaN : metrics.Recall),
            IntervalCells.FormatPercent(intervals.Recall),
            HtmlNumbers.FormatPercent(metrics.Precision),
            IntervalCells.FormatPercent(intervals.Precision),
            HtmlNumbers.FormatNumber(metrics.F1),
            IntervalCells.FormatNumber(intervals.F1),
            HtmlNumbers.FormatNumber(metrics.Auc),
            HtmlNumbers.FormatNumber(metrics.AveragePrecision)
        );
}
