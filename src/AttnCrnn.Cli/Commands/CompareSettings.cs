using AttnCrnn.Cli.Options;
using AttnCrnn.Options;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands;

/// <summary>The settings of compare.</summary>
internal sealed record CompareSettings : CommandSettings
{
    /// <summary>Folder of the runs.</summary>
    public string WorkFolder { get; init; } = ".";

    /// <summary>File of the page; null: none is written.</summary>
    public string? Output { get; init; }

    /// <summary>Whether a JSON object is printed.</summary>
    public bool Json { get; init; }

    /// <summary>The seed of the intervals.</summary>
    public ExperimentOptions Experiment { get; init; } = new();

    /// <summary>The options of compare.</summary>
    public static IEnumerable<OptionDefinition<CompareSettings>> Options =>
        [
            SharedOptions.CreateWorkFolder<CompareSettings>(
                settings => settings.WorkFolder,
                (settings, value) => settings with { WorkFolder = value },
                "Look for the runs in this folder."
            ),
            SharedOptions.CreateBootstrapSeed<CompareSettings>(
                settings => settings.Experiment,
                (settings, value) => settings with { Experiment = value }
            ),
            SharedOptions.CreatePage<CompareSettings>(
                settings => settings.Output,
                (settings, value) => settings with { Output = value },
                "the comparison"
            ),
            SharedOptions.CreateJson<CompareSettings>(
                settings => settings.Json,
                (settings, value) => settings with { Json = value },
                "Print one JSON object."
            ),
        ];
}
