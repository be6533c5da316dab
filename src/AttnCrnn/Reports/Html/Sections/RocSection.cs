using AttnCrnn.Reports.Charts;

namespace AttnCrnn.Reports.Html.Sections;

/// <summary>ROC curve of each class.</summary>
internal sealed class RocSection : IReportSection
{
    public string Title => "ROC curves";

    public bool AppliesTo(ReportContent content) => true;

    public void Write(HtmlWriter page, ReportContent content) =>
        SvgChart.Write(
            page,
            new RocChart(content.Result),
            "One-vs-rest ROC curve of each class, with its AUC. The closer a curve is to the upper left, the better "
                + "the class is separated; the dashed diagonal is the chance level."
        );
}
