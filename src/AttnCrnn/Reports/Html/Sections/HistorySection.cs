using AttnCrnn.Reports.Charts;

namespace AttnCrnn.Reports.Html.Sections;

/// <summary>Training curves, if the run trained.</summary>
internal sealed class HistorySection : IReportSection
{
    public string Title => "Training history";

    public bool AppliesTo(ReportContent content) => content.Report.Histories.Count > 0;

    public void Write(HtmlWriter page, ReportContent content)
    {
        var folds =
            content.Report.Histories.Count > 1
                ? " Thick lines are means over the folds that were trained for that many epochs, so they can jump "
                    + "where a fold ends."
                : "";
        SvgChart.Write(
            page,
            new HistoryChart(content.Report.Histories),
            "Loss, accuracy and UAR by epoch; a dot marks the best epoch, which is selected on the validation set, not "
                + "on the test set. Training accuracy is measured on augmented, mixed clips with dropout, so it may be "
                + $"lower than validation accuracy.{folds}"
        );
    }
}
