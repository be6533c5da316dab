namespace AttnCrnn.Reports.Html.Sections;

/// <summary>The options of the run, its encoder and the version of the program.</summary>
internal sealed class ConfigurationSection : IReportSection
{
    public string Title => "Configuration";

    public bool AppliesTo(ReportContent content) => true;

    public void Write(HtmlWriter page, ReportContent content)
    {
        var report = content.Report;
        page.Write($"""<div class="scroll"><table class="plain"><tbody>""");
        foreach (
            var (name, value) in report
                .Configuration.Prepend(new("encoder", report.Encoder))
                .Append(new("program", $"attn-crnn {report.ProgramVersion}"))
        )
            HtmlTable.WriteRow(page, name, value);
        HtmlTable.WriteEnd(page);
    }
}
