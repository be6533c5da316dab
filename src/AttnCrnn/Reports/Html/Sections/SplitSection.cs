namespace AttnCrnn.Reports.Html.Sections;

/// <summary>How clips were assigned to training and test, and what that means for the metrics.</summary>
internal sealed class SplitSection : IReportSection
{
    public string Title => "Data split";

    public bool AppliesTo(ReportContent content) => true;

    public void Write(HtmlWriter page, ReportContent content)
    {
        var protocol = content.Result.Protocol;
        var (style, title) =
            protocol.IsSpeakerIndependent ? ("good", "Speaker-independent split.")
            : protocol.Leaks.Count > 0 ? ("warn", "Leakage: the metrics overestimate performance.")
            : protocol.Overlap is { IsCrossCorpus: true } ? ("good", "Cross-corpus evaluation.")
            : protocol.Overlap is { SpeakersDisjoint: true } ? ("good", "Clips of other speakers.")
            : protocol.HasUnknownStart ? ("warn", "Speaker-independent split, but not a random initialization.")
            : ("warn", "Possible speaker leakage: the metrics may overestimate performance on unseen speakers.");
        page.Write($"""<p class="{style}"><strong>{title}</strong> """);
        page.Write($"{ProtocolText.Describe(protocol)}</p>");
        if (LeakText.DescribeUnaudited(protocol) is { } unaudited)
            page.Write($"""<p class="warn">{unaudited}</p>""");
        if (FindingsText.Describe(protocol) is { } findings)
            page.Write($"<p>{findings}</p>");
    }
}
