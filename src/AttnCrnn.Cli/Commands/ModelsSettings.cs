using AttnCrnn.Cli.Options;
using AttnCrnn.Options;

namespace AttnCrnn.Cli.Commands;

/// <summary>The settings of models.</summary>
internal sealed record ModelsSettings : CommandSettings
{
    /// <summary>Folder of the runs.</summary>
    public string WorkFolder { get; init; } = ".";

    /// <summary>Whether a JSON object is printed.</summary>
    public bool Json { get; init; }

    /// <summary>The options of models.</summary>
    public static IEnumerable<OptionDefinition<ModelsSettings>> Options =>
        [
            SharedOptions.CreateWorkFolder<ModelsSettings>(
                settings => settings.WorkFolder,
                (settings, value) => settings with { WorkFolder = value },
                "List the runs in this folder."
            ),
            SharedOptions.CreateJson<ModelsSettings>(
                settings => settings.Json,
                (settings, value) => settings with { Json = value },
                "Print one JSON object with everything that is known about the runs."
            ),
        ];
}
