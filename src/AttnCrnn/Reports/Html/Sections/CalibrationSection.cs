namespace AttnCrnn.Reports.Html.Sections;

/// <summary>Reliability diagram.</summary>
internal sealed class CalibrationSection : IReportSection
{
    public string Title => "Calibration";

    public bool AppliesTo(ReportContent content) => true;

    public void Write(HtmlWriter page, ReportContent content) =>
        HtmlImage.Write(
            page,
            content.Plots.Calibration,
            "Accuracy by confidence",
            "On the dashed line the model is calibrated; below it, overconfident. Larger dots represent more clips."
        );
}
