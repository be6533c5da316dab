using AttnCrnn.Evaluation.Groups;
using AttnCrnn.Evaluation.Statistics;

namespace AttnCrnn.Reports.Html.Sections;

/// <summary>Metrics by sex, intensity, statement, corpus, session and duration, as far as they are known.</summary>
internal sealed class GroupsSection : IReportSection
{
    public string Title => "Metrics by group";

    public bool AppliesTo(ReportContent content) => content.Result.Groups.Count > 0;

    public void Write(HtmlWriter page, ReportContent content)
    {
        foreach (var comparison in content.Result.Groups)
            WriteComparison(page, comparison);
    }

    private static void WriteComparison(HtmlWriter page, GroupComparison comparison)
    {
        page.Write($"<h3>By {comparison.Attribute}</h3>");
        page.Write($"<p>{GroupText.Describe(comparison)}</p>");
        if (comparison.Groups.Count == 0)
            return;
        HtmlTable.WriteStart(
            page,
            $"UAR is the mean recall over the classes of which every group has clips "
                + $"({string.Join(", ", comparison.Classes)}), accuracy that of all clips of the group; each with its "
                + "95% confidence interval.",
            comparison.Attribute,
            "clips",
            "speakers",
            "UAR",
            "from",
            "to",
            "accuracy",
            "from",
            "to"
        );
        foreach (var group in comparison.Groups)
            HtmlTable.WriteRow(
                page,
                group.Name,
                [
                    HtmlNumbers.FormatInteger(group.Clips),
                    HtmlNumbers.FormatInteger(group.Speakers),
                    .. Format(group.Uar, group.UarInterval),
                    .. Format(group.Accuracy, group.AccuracyInterval),
                ]
            );
        HtmlTable.WriteEnd(page);
    }

    private static string[] Format(double value, ConfidenceInterval? interval) =>
        [
            HtmlNumbers.FormatPercent(value),
            HtmlNumbers.FormatPercent(interval?.Low ?? double.NaN),
            HtmlNumbers.FormatPercent(interval?.High ?? double.NaN),
        ];
}
