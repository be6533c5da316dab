using AttnCrnn.Reports.Explanations;

namespace AttnCrnn.Reports.Html.Sections;

/// <summary>A few clips with the attention over time, and the probability lost without each half second.</summary>
internal sealed class ExplanationsSection : IReportSection
{
    public string Title => "Explained clips";

    public bool AppliesTo(ReportContent content) => content.Report.Explanations is not null;

    public void Write(HtmlWriter page, ReportContent content)
    {
        var explanations = content.Report.Explanations!;
        var names = content.Names;
        if (explanations.Count == 0)
        {
            page.Write($"<p>No clip is explained: {ExplanationText.DescribeMissing(explanations)}.</p>");
            return;
        }
        page.Write($"""<p class="small">{ExplanationText.DescribeChoice(explanations)}</p>""");
        page.Write($"""<p class="small">{ExplanationText.Reading}</p>""");
        foreach (var clip in explanations.Clips)
            HtmlImage.Write(
                page,
                clip.Plot,
                ExplanationText.DescribePlot(clip),
                ExplanationText.DescribeClip(clip, names.GetClip(content.Result.Predictions[clip.Row - 1]))
            );
    }
}
