using AttnCrnn.Reports.Charts;

namespace AttnCrnn.Reports.Html.Sections;

/// <summary>The confusion matrix as a chart, and its counts as a table.</summary>
internal sealed class ConfusionSection : IReportSection
{
    public string Title => "Confusion matrix";

    public bool AppliesTo(ReportContent content) => true;

    public void Write(HtmlWriter page, ReportContent content)
    {
        SvgChart.Write(
            page,
            new ConfusionChart(content.Result),
            "Rows are true classes, columns predicted classes; colors and percentages are relative to the row."
        );
        page.Write($"<details><summary>Counts as a table</summary>");
        var labels = content.Result.Labels;
        var counts = content.Result.Metrics.Confusion;
        HtmlTable.WriteStart(
            page,
            "Number of clips by true class (rows) and predicted class (columns).",
            ["true ↓ predicted →", .. labels]
        );
        for (var row = 0; row < labels.Count; row++)
            HtmlTable.WriteRow(
                page,
                labels[row],
                Enumerable.Range(0, labels.Count).Select(column => HtmlNumbers.FormatInteger(counts[row, column]))
            );
        HtmlTable.WriteEnd(page);
        page.Write($"</details>");
    }
}
