namespace AttnCrnn.Reports.Html.Sections;

/// <summary>Training curves, if the run trained.</summary>
internal sealed class HistorySection : IReportSection
{
    public string Title => "Training history";

    public bool AppliesTo(ReportContent content) => content.Plots.History is not null;

    public void Write(HtmlWriter page, ReportContent content) =>
        HtmlImage.Write(
            page,
            content.Plots.History!,
            "Training curves by epoch",
            "The best epoch is selected on the validation set, not on the test set. Training accuracy is measured "
                + "on augmented, mixed clips with dropout, so it may be lower than validation accuracy."
        );
}
