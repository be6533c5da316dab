using System.Globalization;

namespace AttnCrnn.Reports.Html.Sections;

/// <summary>Metrics of each seed of a repeated run, with mean and standard deviation.</summary>
internal sealed class RepeatsSection : IReportSection
{
    public string Title => "Repeats with other seeds";

    public bool AppliesTo(ReportContent content) => content.Result.Repeats is not null;

    public void Write(HtmlWriter page, ReportContent content)
    {
        var repeats = content.Result.Repeats!;
        HtmlTable.WriteStart(page, RepeatsText.Describe(repeats), "seed", "UAR", "accuracy", "macro F1");
        foreach (var seed in repeats.Seeds)
            HtmlTable.WriteRow(
                page,
                seed.Seed.ToString(CultureInfo.InvariantCulture),
                HtmlNumbers.FormatPercent(seed.Uar),
                HtmlNumbers.FormatPercent(seed.Accuracy),
                HtmlNumbers.FormatNumber(seed.MacroF1)
            );
        HtmlTable.WriteRow(
            page,
            "mean ± std",
            HtmlNumbers.FormatMeanAndStd(repeats.Uar, HtmlNumbers.FormatPercent),
            HtmlNumbers.FormatMeanAndStd(repeats.Accuracy, HtmlNumbers.FormatPercent),
            HtmlNumbers.FormatMeanAndStd(repeats.MacroF1, HtmlNumbers.FormatNumber)
        );
        HtmlTable.WriteEnd(page);
    }
}
