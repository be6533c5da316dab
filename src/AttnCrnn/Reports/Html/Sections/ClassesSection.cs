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
                + "Precision: fraction of the predictions that are correct. From, to: 95% confidence interval of the "
                + "metric before it.",
            "class",
            "clips",
            "recall",
            "from",
            "to",
            "precision",
            "from",
            "to",
            "F1",
            "from",
            "to",
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
                HtmlNumbers.FormatInteger(metrics.Support),
                .. FormatPercent(metrics.Support == 0 ? double.NaN : metrics.Recall, intervals.Recall),
                .. FormatPercent(metrics.Precision, intervals.Precision),
                HtmlNumbers.FormatNumber(metrics.F1),
                HtmlNumbers.FormatNumber(intervals.F1?.Low ?? double.NaN),
                HtmlNumbers.FormatNumber(intervals.F1?.High ?? double.NaN),
                HtmlNumbers.FormatNumber(metrics.Auc),
                HtmlNumbers.FormatNumber(metrics.AveragePrecision),
            ]
        );

    private static string[] FormatPercent(double value, ConfidenceInterval? interval) =>
        [
            HtmlNumbers.FormatPercent(value),
            HtmlNumbers.FormatPercent(interval?.Low ?? double.NaN),
            HtmlNumbers.FormatPercent(interval?.High ?? double.NaN),
        ];
}
