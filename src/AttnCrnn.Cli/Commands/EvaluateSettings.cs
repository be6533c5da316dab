using AttnCrnn.Cli.Options;
using AttnCrnn.Options;
using AttnCrnn.Reports;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands;

/// <summary>The settings of evaluate.</summary>
internal sealed record EvaluateSettings : CommandSettings
{
    /// <summary>Feature folders; empty for the test set of the run.</summary>
    public IReadOnlyList<string> DataFolders { get; init; } = [];

    /// <summary>Folder of the runs.</summary>
    public string WorkFolder { get; init; } = ".";

    /// <summary>Number of clips whose predictions the report explains.</summary>
    public int ExplainedClips { get; init; } = new RunConfiguration().ExplainedClips;

    /// <summary>Whether metrics.json is printed.</summary>
    public bool Json { get; init; }

    /// <summary>Classes, seed and tolerance; its training options are those of the computation.</summary>
    public ExperimentOptions Experiment { get; init; } = new();

    /// <summary>Labels of the model's outputs, for archives without them.</summary>
    public IReadOnlyList<string> OutputLabels { get; init; } = [];

    /// <summary>Branch, tag or commit of a published classifier's repository; null: main.</summary>
    public string? Revision { get; init; }

    /// <summary>Whether labels of a published classifier remain as published.</summary>
    public bool RawLabels { get; init; }

    /// <summary>What the report shows of the people who were recorded.</summary>
    public ReportOptions Report { get; init; } = new();

    /// <summary>The options of evaluate.</summary>
    public static IEnumerable<OptionDefinition<EvaluateSettings>> Options =>
        [
            RunConfiguration
                .Table[OptionKeys.DataFolders]
                .Within<EvaluateSettings>(
                    settings => new() { DataFolders = settings.DataFolders },
                    (settings, configuration) => settings with { DataFolders = configuration.DataFolders },
                    new(
                        Help: "Evaluate the clips of these feature folders instead of the test set of the run; with a "
                            + "published classifier, of these folders of recordings or manifests."
                    )
                ),
            SharedOptions.CreateWorkFolder<EvaluateSettings>(
                settings => settings.WorkFolder,
                (settings, value) => settings with { WorkFolder = value },
                "Look for the run in this folder, and write the evaluation to it."
            ),
            .. SharedOptions.CreateExperimentOptions<EvaluateSettings>(
                settings => settings.Experiment,
                (settings, value) => settings with { Experiment = value },
                OptionKeys.Map,
                OptionKeys.Drop,
                OptionKeys.Preset
            ),
            ExperimentOptions
                .Table[OptionKeys.MaxInvalidFraction]
                .Within<EvaluateSettings>(
                    settings => settings.Experiment,
                    (settings, value) => settings with { Experiment = value },
                    new(Help: "Refuse to evaluate if more than this fraction of the clips is invalid.")
                ),
            RunConfiguration
                .Table[OptionKeys.ExplainClips]
                .Within<EvaluateSettings>(
                    settings => new() { ExplainedClips = settings.ExplainedClips },
                    (settings, configuration) => settings with { ExplainedClips = configuration.ExplainedClips }
                ),
            SharedOptions.CreateOutputLabels<EvaluateSettings>(
                settings => settings.OutputLabels,
                (settings, value) => settings with { OutputLabels = value }
            ),
            SharedOptions.CreateRevision<EvaluateSettings>(
                settings => settings.Revision,
                (settings, value) => settings with { Revision = value }
            ),
            SharedOptions.CreateRawLabels<EvaluateSettings>(
                settings => settings.RawLabels,
                (settings, value) => settings with { RawLabels = value },
                new("", OptionEffect.Output) { Setup = ["json=true"] }
            ),
            SharedOptions.CreateBootstrapSeed<EvaluateSettings>(
                settings => settings.Experiment,
                (settings, value) => settings with { Experiment = value }
            ),
            SharedOptions.CreateThreads<EvaluateSettings>(
                settings => settings.Experiment.Training.Threads,
                (settings, value) => settings with { Experiment = settings.Experiment.WithThreads(value) }
            ),
            SharedOptions.CreateExactConvolution<EvaluateSettings>(
                settings => settings.Experiment.Training.ExactConvolution,
                (settings, value) => settings with { Experiment = settings.Experiment.WithExactConvolution(value) }
            ),
            .. PrivacyOptions.Create<EvaluateSettings>(
                settings => settings.Report,
                (settings, value) => settings with { Report = value }
            ),
            SharedOptions.CreateJson<EvaluateSettings>(
                settings => settings.Json,
                (settings, value) => settings with { Json = value },
                "Print metrics.json."
            ),
        ];
}
