using AttnCrnn.Cli.Options;
using AttnCrnn.Options;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands;

/// <summary>The settings of train.</summary>
internal sealed record TrainSettings : CommandSettings
{
    /// <summary>The configuration of the run; with <see cref="Resume"/> only its folder and fold count.</summary>
    public RunConfiguration Configuration { get; init; } = new();

    /// <summary>Name of the run to resume.</summary>
    public string? Resume { get; init; }

    /// <summary>The options that were set, whatever their values.</summary>
    public OptionValues Values { get; init; } = new();

    /// <summary>The options of train: those of a run, and the run to resume.</summary>
    public static IEnumerable<OptionDefinition<TrainSettings>> Options =>
        [
            .. RunConfiguration.Table.Within<TrainSettings>(
                settings => settings.Configuration,
                (settings, configuration) => settings with { Configuration = configuration }
            ),
            new OptionDefinition<TrainSettings, string?>(
                OptionKeys.Resume,
                OptionTypes.Text,
                settings => settings.Resume,
                (settings, value) => settings with { Resume = value }
            )
            {
                Group = OptionGroups.Output,
                ValueName = "RUN",
                IsStored = false,
                Help = "Resume this run from its last checkpoint; no other option is required.",
                Probe = new("none", OptionEffect.Outcome),
            },
        ];
}
