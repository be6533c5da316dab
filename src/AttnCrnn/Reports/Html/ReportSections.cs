using AttnCrnn.Reports.Html.Sections;

namespace AttnCrnn.Reports.Html;

/// <summary>The sections of the report, in its order.</summary>
internal static class ReportSections
{
    public static IReadOnlyList<IReportSection> All { get; } =
    [
        new SplitSection(),
        new ClassesSection(),
        new ConfusionSection(),
        new HistorySection(),
        new RocSection(),
        new CalibrationSection(),
        new VotesSection(),
        new FoldsSection(),
        new LayersSection(),
        new SpeakersSection(),
        new ErrorsSection(),
        new ConfigurationSection(),
    ];
}
