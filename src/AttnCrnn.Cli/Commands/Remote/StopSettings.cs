using AttnCrnn.Cli.Options;
using AttnCrnn.Options;

namespace AttnCrnn.Cli.Commands.Remote;

/// <summary>The settings of stop.</summary>
internal sealed record StopSettings : RemoteSettings
{
    /// <summary>Time before the run is killed.</summary>
    public double GraceSeconds { get; init; } = GraceOption.DefaultSeconds;

    /// <summary>The options of stop.</summary>
    public static IEnumerable<OptionDefinition<StopSettings>> Options =>
        [
            GraceOption.Create<StopSettings>(
                "Kill the run if it has not ended after this time.",
                settings => settings.GraceSeconds,
                (settings, value) => settings with { GraceSeconds = value }
            ),
        ];
}
