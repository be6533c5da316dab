namespace AttnCrnn.Reports.Html.Sections;

/// <summary>Predictions compared with the distributions of several raters' votes.</summary>
internal sealed class VotesSection : IReportSection
{
    public string Title => "Votes of the raters";

    public bool AppliesTo(ReportContent content) => content.Result.Votes is not null;

    public void Write(HtmlWriter page, ReportContent content)
    {
        var votes = content.Result.Votes!;
        HtmlTable.WriteStart(
            page,
            "Means over the clips with votes, in nats. The cross-entropy is at least the entropy of the votes; the "
                + "Jensen-Shannon divergence is 0 for equal distributions and at most 0.693.",
            "clips",
            "cross-entropy",
            "entropy of the votes",
            "Jensen-Shannon divergence",
            "clips with a majority",
            "accuracy against it",
            "UAR against it"
        );
        HtmlTable.WriteRow(
            page,
            HtmlNumbers.FormatInteger(votes.ClipCount),
            HtmlNumbers.FormatNumber(votes.CrossEntropy),
            HtmlNumbers.FormatNumber(votes.Entropy),
            HtmlNumbers.FormatNumber(votes.JensenShannon),
            HtmlNumbers.FormatInteger(votes.MajorityClipCount),
            HtmlNumbers.FormatPercent(votes.MajorityAccuracy),
            HtmlNumbers.FormatPercent(votes.MajorityUar)
        );
        HtmlTable.WriteEnd(page);
    }
}
