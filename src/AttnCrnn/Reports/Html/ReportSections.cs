using AttnCrnn.Reports.Html.Sections;

namespace AttnCrnn.Reports.Html;

/// <summary>The sections of the report, in its order.</summary>
internal static class ReportSections
{
    public static IReadOnlyList<IReportSection> All { get; } =
    [
        new SplitSection(),
        new LabelMapSection(),
        new IntervalsSection(),
        new ClassesSection(),
        new ConfusionSection(),
        new HardClassesSection(),
        new HistorySection(),
        new TrainingFitSection(),
        new RocSection(),
        new CalibrationSection(),
        new VotesSection(),
        new GroupsSection(),
        new FoldsSection(),
        new RepeatsSection(),
        new LayersSection(),
        new SpeakersSection(),
        new ErrorsSection(),
        new ExplanationsSection(),
        new ConfigurationSection(),
    ];
}
