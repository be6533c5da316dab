using AttnCrnn.Options;

namespace AttnCrnn.Reports.Html.Sections;

/// <summary>The options of the run, its encoder and the version of the program.</summary>
internal sealed class ConfigurationSection : IReportSection
{
    private static readonly string[] NamesOfSpeakers =
    [
        OptionKeys.TestSpeakers.Name,
        OptionKeys.ValidationSpeakers.Name,
    ];

    public string Title => "Configuration";

    public bool AppliesTo(ReportContent content) => true;

    public void Write(HtmlWriter page, ReportContent content)
    {
        var report = content.Report;
        HtmlTable.WriteStartOfValues(page, "Options and their values");
        HtmlTable.WriteRow(page, "encoder", WithoutFolders(report.Encoder));
        foreach (var (name, value) in report.Configuration)
            HtmlTable.WriteRow(
                page,
                name,
                NamesOfSpeakers.Contains(name) && !report.Options.WithNames
                    ? "given (names of speakers are not shown)"
                    : WithoutFolders(value)
            );
        HtmlTable.WriteRow(page, "program", $"attn-crnn {report.ProgramVersion}");
        HtmlTable.WriteEnd(page);
    }

    // A page is shared, and absolute paths tell names of people and of machines.
    private static string WithoutFolders(string value) =>
        string.Join(
            ' ',
            value
                .Split(' ')
                .Select(word =>
                    Path.IsPathRooted(word) ? Path.GetFileName(Path.TrimEndingDirectorySeparator(word)) : word
                )
        );
}
