using AttnCrnn.Options;

namespace AttnCrnn.Cli.Options;

/// <summary>The settings of a command.</summary>
internal abstract record CommandSettings
{
    /// <summary>The positional arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>File of option values.</summary>
    public string? Config { get; init; }

    /// <summary>Whether only results are printed.</summary>
    public bool Quiet { get; init; }

    /// <summary>The options that all commands have.</summary>
    public static IEnumerable<OptionDefinition<TSettings>> CreateCommonOptions<TSettings>()
        where TSettings : CommandSettings, new() =>
        [
            new OptionDefinition<TSettings, string?>(
                CommandOptionKeys.Config,
                OptionTypes.Text,
                settings => settings.Config,
                (settings, value) => (TSettings)((CommandSettings)settings with { Config = value })
            )
            {
                Group = OptionGroups.Output,
                ValueName = "FILE",
                IsStored = false,
                Help = "Read option values from this JSON file; options of the command line take precedence.",
                Probe = new("config.json", OptionEffect.Output),
            },
            new OptionDefinition<TSettings, bool>(
                CommandOptionKeys.Quiet,
                OptionTypes.Switch,
                settings => settings.Quiet,
                (settings, value) => (TSettings)((CommandSettings)settings with { Quiet = value })
            )
            {
                Group = OptionGroups.Output,
                IsStored = false,
                Help = "Print results, warnings and notices about data only, no progress.",
                Probe = new("", OptionEffect.Output),
            },
        ];
}
