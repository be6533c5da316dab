using AttnCrnn.Evaluation.Groups;

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
                + $"({string.Join(", ", comparison.Classes)}), accuracy that of all clips of the group.",
            comparison.Attribute,
            "clips",
            "speakers",
            "UAR",
            "UAR, 95% CI",
            "accuracy",
            "accuracy, 95% CI"
        );
        foreach (var group in comparison.Groups)
            HtmlTable.WriteRow(
                page,
                group.Name,
                HtmlNumbers.FormatInteger(group.Clips),
                HtmlNumbers.FormatInteger(group.Speakers),
                HtmlNumbers.FormatPercent(group.Uar),
                IntervalCells.FormatPercent(group.UarInterval),
                HtmlNumbers.FormatPercent(group.Accuracy),
                IntervalCells.FormatPercent(group.AccuracyInterval)
            );
        HtmlTable.WriteEnd(page);
    }
}
