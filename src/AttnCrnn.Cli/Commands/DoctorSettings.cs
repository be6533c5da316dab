using AttnCrnn.Cli.Options;
using AttnCrnn.Options;

namespace AttnCrnn.Cli.Commands;

/// <summary>The settings of doctor.</summary>
internal sealed record DoctorSettings : CommandSettings
{
    /// <summary>Whether a JSON object is printed.</summary>
    public bool Json { get; init; }

    /// <summary>The options of doctor.</summary>
    public static IEnumerable<OptionDefinition<DoctorSettings>> Options =>
        [
            SharedOptions.CreateJson<DoctorSettings>(
                settings => settings.Json,
                (settings, value) => settings with { Json = value },
                "Print one JSON object."
            ),
        ];
}
