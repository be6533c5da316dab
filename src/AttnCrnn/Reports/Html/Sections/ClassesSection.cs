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
            "precision",
            "F1",
            "AUC"
        );
        foreach (var classMetrics in content.Result.Metrics.PerClass)
            HtmlTable.WriteRow(
                page,
                classMetrics.Label,
                HtmlNumbers.FormatInteger(classMetrics.Support),
                HtmlNumbers.FormatPercent(classMetrics.Support == 0 ? double.NaN : classMetrics.Recall),
                HtmlNumbers.FormatPercent(classMetrics.Precision),
                HtmlNumbers.FormatNumber(classMetrics.F1),
                HtmlNumbers.FormatNumber(classMetrics.Auc)
            );
        HtmlTable.WriteEnd(page);
    }
}
