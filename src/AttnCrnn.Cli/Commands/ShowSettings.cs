using AttnCrnn.Cli.Options;
using AttnCrnn.Options;

namespace AttnCrnn.Cli.Commands;

/// <summary>The settings of show.</summary>
internal sealed record ShowSettings : CommandSettings
{
    /// <summary>Folder of the runs.</summary>
    public string WorkFolder { get; init; } = ".";

    /// <summary>File of the model card as a page; null: none is written.</summary>
    public string? Output { get; init; }

    /// <summary>Whether a JSON object is printed.</summary>
    public bool Json { get; init; }

    /// <summary>Revision of a published classifier; null: main.</summary>
    public string? Revision { get; init; }

    /// <summary>Labels of the model's outputs, for archives without them.</summary>
    public IReadOnlyList<string> OutputLabels { get; init; } = [];

    /// <summary>The labels, if there are any.</summary>
    public IReadOnlyList<string>? Labels => OutputLabels.Count == 0 ? null : OutputLabels;

    /// <summary>The options of show.</summary>
    public static IEnumerable<OptionDefinition<ShowSettings>> Options =>
        [
            SharedOptions.CreateWorkFolder<ShowSettings>(
                settings => settings.WorkFolder,
                (settings, value) => settings with { WorkFolder = value },
                "Look for the run in this folder."
            ),
            SharedOptions.CreatePage<ShowSettings>(
                settings => settings.Output,
                (settings, value) => settings with { Output = value },
                "the model card"
            ),
            SharedOptions.CreateJson<ShowSettings>(
                settings => settings.Json,
                (settings, value) => settings with { Json = value },
                "Print one JSON object."
            ),
            SharedOptions.CreateOutputLabels<ShowSettings>(
                settings => settings.OutputLabels,
                (settings, value) => settings with { OutputLabels = value }
            ),
            SharedOptions.CreateRevision<ShowSettings>(
                settings => settings.Revision,
                (settings, value) => settings with { Revision = value }
            ),
        ];
}
