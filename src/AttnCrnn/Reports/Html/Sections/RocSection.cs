namespace AttnCrnn.Reports.Html.Sections;

/// <summary>ROC curve of each class.</summary>
internal sealed class RocSection : IReportSection
{
    public string Title => "ROC curves";

    public bool AppliesTo(ReportContent content) => true;

    public void Write(HtmlWriter page, ReportContent content) =>
        HtmlImage.Write(
            page,
            content.Plots.Roc,
            "One-vs-rest ROC curve of each class",
            "The closer a curve is to the upper left, the better the class is separated; the dashed line is the chance "
                + "level."
        );
}
