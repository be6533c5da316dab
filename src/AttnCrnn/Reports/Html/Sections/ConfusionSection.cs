namespace AttnCrnn.Reports.Html.Sections;

/// <summary>The confusion matrix, with a color by fraction of the row.</summary>
internal sealed class ConfusionSection : IReportSection
{
    public string Title => "Confusion matrix";

    public bool AppliesTo(ReportContent content) => true;

    public void Write(HtmlWriter page, ReportContent content)
    {
        var labels = content.Result.Labels;
        var counts = content.Result.Metrics.Confusion;
        HtmlTable.WriteStart(
            page,
            "Rows are true classes, columns predicted classes; colors and percentages are relative to the row.",
            ["true ↓ predicted →", .. labels]
        );
        for (var row = 0; row < labels.Count; row++)
        {
            var rowTotal = Enumerable.Range(0, labels.Count).Sum(column => counts[row, column]);
            page.Write($"""<tr><th scope="row">{labels[row]}</th>""");
            for (var column = 0; column < labels.Count; column++)
                WriteCount(page, counts[row, column], rowTotal, isCorrect: row == column);
            page.Write($"</tr>");
        }
        HtmlTable.WriteEnd(page);
    }

    private static void WriteCount(HtmlWriter page, int count, int rowTotal, bool isCorrect)
    {
        var fraction = rowTotal == 0 ? 0 : (double)count / rowTotal;
        // From white to a blue with a contrast of 8:1 to white text; text turns white where its contrast is higher.
        int InterpolateColor(int dark) => (int)Math.Round(255 + ((dark - 255) * fraction));
        var color = fraction > 0.75 ? "#fff" : "#000";
        page.Write($"""<td class="cell{(isCorrect ? " right" : "")}" style="background:""");
        page.Write($"""rgb({InterpolateColor(8)},{InterpolateColor(81)},{InterpolateColor(156)});color:{color}">""");
        page.Write($"{count}<br/><small>{100 * fraction:0}%</small></td>");
    }
}
