using AttnCrnn.Cli.Options;
using AttnCrnn.Options;

namespace AttnCrnn.Cli.Commands.Remote;

/// <summary>The settings of monitor.</summary>
internal sealed record MonitorSettings : RemoteSettings
{
    /// <summary>Whether only the last lines of the log are shown.</summary>
    public bool Lines { get; init; }

    /// <summary>Whether the log is followed to the end of the run.</summary>
    public bool Continuous { get; init; }

    /// <summary>Whether a JSON object is printed.</summary>
    public bool Json { get; init; }

    /// <summary>The options of monitor.</summary>
    public static IEnumerable<OptionDefinition<MonitorSettings>> Options =>
        [
            new OptionDefinition<MonitorSettings, bool>(
                new("lines"),
                OptionTypes.Switch,
                settings => settings.Lines,
                (settings, value) => settings with { Lines = value }
            )
            {
                Group = OptionGroups.Output,
                ShortName = "-l",
                Help = "Show only the last 50 lines of the log.",
                Probe = new("", OptionEffect.Output),
            },
            new OptionDefinition<MonitorSettings, bool>(
                new("continuous"),
                OptionTypes.Switch,
                settings => settings.Continuous,
                (settings, value) => settings with { Continuous = value }
            )
            {
                Group = OptionGroups.Output,
                ShortName = "-c",
                Help = "Follow the log to the end of the run, fetch the results, and exit with the run's exit code.",
                Probe = new("", OptionEffect.Output),
            },
            SharedOptions.CreateJson<MonitorSettings>(
                settings => settings.Json,
                (settings, value) => settings with { Json = value },
                "Print one JSON object."
            ),
        ];
}
