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
                + "Precision: fraction of the predictions that are correct. Below each, its 95% CI.",
            "class",
            "clips",
            "recall",
            "precision",
            "F1",
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
            [
                (HtmlNumbers.FormatInteger(metrics.Support), ""),
                FormatPercent(metrics.Support == 0 ? double.NaN : metrics.Recall, intervals.Recall),
                FormatPercent(metrics.Precision, intervals.Precision),
                FormatNumber(metrics.F1, intervals.F1),
                FormatNumber(metrics.Auc, intervals.Auc),
                FormatNumber(metrics.AveragePrecision, intervals.AveragePrecision),
            ]
        );

    private static (string Value, string Detail) FormatPercent(double value, ConfidenceInterval? interval) =>
        (HtmlNumbers.FormatPercent(value), IntervalCells.FormatPercent(interval));

    private static (string Value, string Detail) FormatNumber(double value, ConfidenceInterval? interval) =>
        (HtmlNumbers.FormatNumber(value), IntervalCells.FormatNumber(interval));
}
