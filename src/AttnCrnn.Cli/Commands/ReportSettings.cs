using AttnCrnn.Cli.Options;
using AttnCrnn.Options;
using AttnCrnn.Reports;

namespace AttnCrnn.Cli.Commands;

/// <summary>The settings of report.</summary>
internal sealed record ReportSettings : CommandSettings
{
    /// <summary>Folder of the run.</summary>
    public string WorkFolder { get; init; } = ".";

    /// <summary>What the page shows of the people who were recorded.</summary>
    public ReportOptions Report { get; init; } = new();

    /// <summary>The options of report.</summary>
    public static IEnumerable<OptionDefinition<ReportSettings>> Options =>
        [
            SharedOptions.CreateWorkFolder<ReportSettings>(
                settings => settings.WorkFolder,
                (settings, value) => settings with { WorkFolder = value },
                "Look for the run in this folder."
            ),
            .. PrivacyOptions.Create<ReportSettings>(
                settings => settings.Report,
                (settings, value) => settings with { Report = value }
            ),
        ];
}
