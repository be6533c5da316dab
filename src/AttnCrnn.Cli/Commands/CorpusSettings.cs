using AttnCrnn.Audio;
using AttnCrnn.Cli.Options;
using AttnCrnn.Corpora;
using AttnCrnn.Options;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands;

/// <summary>The settings of corpus.</summary>
internal sealed record CorpusSettings : CommandSettings
{
    /// <summary>File of the manifest; null for none.</summary>
    public string? Output { get; init; }

    /// <summary>The channel of recordings whose clips have none of their own.</summary>
    public AudioChannel Channel { get; init; }

    /// <summary>Whether to look for speech.</summary>
    public bool DetectsSpeech { get; init; } = true;

    /// <summary>Classes, threads and tolerance.</summary>
    public ExperimentOptions Experiment { get; init; } = new() { MaxInvalidFraction = 0 };

    /// <summary>Whether the known corpora are printed, instead of reading sources.</summary>
    public bool List { get; init; }

    /// <summary>What the user decides about the sources.</summary>
    public CorpusReadOptions Source { get; init; } = CorpusReadOptions.Default;

    /// <summary>The options of corpus.</summary>
    public static IEnumerable<OptionDefinition<CorpusSettings>> Options =>
        [
            .. SourceOptions.Create<CorpusSettings>(
                settings => settings.Source,
                (settings, value) => settings with { Source = value }
            ),
            SharedOptions.CreateChannel<CorpusSettings>(
                settings => settings.Channel,
                (settings, value) => settings with { Channel = value }
            ),
            .. SharedOptions.CreateExperimentOptions<CorpusSettings>(
                settings => settings.Experiment,
                (settings, value) => settings with { Experiment = value },
                OptionKeys.Map,
                OptionKeys.Drop,
                OptionKeys.Preset
            ),
            ExperimentOptions
                .Table[OptionKeys.MaxInvalidFraction]
                .Within<CorpusSettings>(
                    settings => settings.Experiment,
                    (settings, value) => settings with { Experiment = value },
                    new(
                        Help: "Exit with 3 if more than this fraction of the clips is invalid.",
                        Probe: new("1", OptionEffect.Outcome)
                    )
                    {
                        DefaultText = "0",
                    }
                ),
            SharedOptions.CreateThreads<CorpusSettings>(
                settings => settings.Experiment.Training.Threads,
                (settings, value) => settings with { Experiment = settings.Experiment.WithThreads(value) },
                "Set the number of recordings that are read in parallel.",
                OptionGroups.Data
            ),
            new OptionDefinition<CorpusSettings, bool>(
                CommandOptionKeys.List,
                OptionTypes.Switch,
                settings => settings.List,
                (settings, value) => settings with { List = value }
            )
            {
                Group = OptionGroups.Output,
                Help =
                    "Print the corpora that are recognized, with speakers, license and protocols; all that is known of "
                    + "those whose names are the arguments.",
                Probe = new("", OptionEffect.Output),
            },
            new OptionDefinition<CorpusSettings, bool>(
                CommandOptionKeys.NoVad,
                OptionTypes.Switch,
                settings => !settings.DetectsSpeech,
                (settings, value) => settings with { DetectsSpeech = !value }
            )
            {
                Group = OptionGroups.Data,
                ValueName = "",
                Help = "Disable the search for speech: no seconds of speech, and no warnings about clips without it.",
                Probe = new("", OptionEffect.Output),
            },
            new OptionDefinition<CorpusSettings, string?>(
                OptionKeys.Out,
                OptionTypes.Text,
                settings => settings.Output,
                (settings, value) => settings with { Output = value }
            )
            {
                Group = OptionGroups.Output,
                ValueName = "FILE",
                Help = "Write the manifest to this .csv or .tsv file.",
                Probe = new("clips.csv", OptionEffect.Files),
            },
        ];
}
