using AttnCrnn.Options;
using AttnCrnn.Reports;

namespace AttnCrnn.Cli.Options;

/// <summary>The options of commands that write a report: what it shows of the people who were recorded.</summary>
internal static class PrivacyOptions
{
    public static IEnumerable<OptionDefinition<TSettings>> Create<TSettings>(
        Func<TSettings, ReportOptions> get,
        Func<TSettings, ReportOptions, TSettings> set
    )
        where TSettings : new() =>
        [
            new OptionDefinition<TSettings, bool>(
                CommandOptionKeys.WithNames,
                OptionTypes.Switch,
                settings => get(settings).WithNames,
                (settings, value) => set(settings, get(settings) with { WithNames = value })
            )
            {
                Group = OptionGroups.Output,
                IsStored = false,
                Help =
                    "Name speakers and recordings in report.html, and link the recordings; otherwise speakers are "
                    + "numbered, and clips by their row of predictions.csv.",
                Probe = new("", OptionEffect.Contents),
            },
            new OptionDefinition<TSettings, bool>(
                CommandOptionKeys.EmbedAudio,
                OptionTypes.Switch,
                settings => get(settings).EmbedAudio,
                (settings, value) => set(settings, get(settings) with { EmbedAudio = value })
            )
            {
                Group = OptionGroups.Output,
                IsStored = false,
                Help =
                    "Include the recordings of the most confident errors of the hard classes in report.html, at most "
                    + "12 of 10 s; voices are personal data.",
                Probe = new("", OptionEffect.Contents),
            },
        ];
}
