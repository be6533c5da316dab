namespace AttnCrnn.Reports.Html;

/// <summary>
/// A section of the report with a heading. <see cref="ReportSections"/> lists all; docs/contributing/exporter.md
/// describes how one is added.
/// </summary>
internal interface IReportSection
{
    /// <summary>The heading.</summary>
    string Title { get; }

    /// <summary>Whether there is anything to show; if not, the report has no such heading.</summary>
    bool AppliesTo(ReportContent content);

    /// <summary>Writes what follows the heading; the section's element is opened and closed by the caller.</summary>
    void Write(HtmlWriter page, ReportContent content);
}
