using AttnCrnn.Cli.Options;
using AttnCrnn.Options;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Cli.Commands;

/// <summary>The settings of demo.</summary>
internal sealed record DemoSettings : CommandSettings
{
    /// <summary>Output folder.</summary>
    public string WorkFolder { get; init; } = "demo";

    /// <summary>Maximum number of epochs.</summary>
    public int Epochs { get; init; } = new TrainingOptions().Epochs;

    /// <summary>Random seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>The options of demo.</summary>
    public static IEnumerable<OptionDefinition<DemoSettings>> Options =>
        [
            RunConfiguration
                .Table[OptionKeys.WorkFolder]
                .Within<DemoSettings>(
                    settings => new() { WorkFolder = settings.WorkFolder },
                    (settings, configuration) => settings with { WorkFolder = configuration.WorkFolder },
                    new(Help: "Write everything to this folder.") { DefaultText = new DemoSettings().WorkFolder }
                ),
            TrainingOptions
                .Table[OptionKeys.Epochs]
                .Within<DemoSettings>(
                    settings => new() { Epochs = settings.Epochs },
                    (settings, options) => settings with { Epochs = options.Epochs }
                ),
            TrainingOptions
                .Table[OptionKeys.Seed]
                .Within<DemoSettings>(
                    settings => new() { Seed = settings.Seed },
                    (settings, options) => settings with { Seed = options.Seed }
                ),
        ];
}
