using AttnCrnn.Options;
using AttnCrnn.Reports;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Options;

/// <summary>
/// The options of commands that write a report: what it shows of the people who were recorded. They are those of a run.
/// </summary>
internal static class PrivacyOptions
{
    public static IEnumerable<OptionDefinition<TSettings>> Create<TSettings>(
        Func<TSettings, ReportOptions> get,
        Func<TSettings, ReportOptions, TSettings> set
    )
        where TSettings : new() =>
        ((OptionKey[])[OptionKeys.WithNames, OptionKeys.EmbedAudio]).Select(key =>
            RunConfiguration
                .Table[key]
                .Within<TSettings>(
                    settings => get(settings).ToConfiguration(),
                    (settings, configuration) => set(settings, ReportOptions.Create(configuration))
                )
        );
}
