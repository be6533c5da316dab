using AttnCrnn.Options;

namespace AttnCrnn.Runs;

/// <summary>The table of the options of a run: those of its experiment, and where its data are.</summary>
internal static class RunOptionTable
{
    private static OptionDefinition<RunConfiguration>[] OwnOptions { get; } =
    [
        new OptionDefinition<RunConfiguration, IReadOnlyList<string>>(
            OptionKeys.DataFolders,
            OptionTypes.Texts,
            configuration => configuration.DataFolders,
            (configuration, value) => configuration with { DataFolders = value }
        )
        {
            Group = OptionGroups.Data,
            ValueName = "DIR…",
            IsPath = true,
            Help = "Read the features of these folders: feature stores, or .npz files of the reference implementation.",
            Probe = new("other", OptionEffect.Clips),
        },
        new OptionDefinition<RunConfiguration, string?>(
            OptionKeys.WorkFolder,
            OptionTypes.Text,
            configuration => configuration.WorkFolder,
            (configuration, value) => configuration with { WorkFolder = value! }
        )
        {
            Group = OptionGroups.Output,
            ValueName = "DIR",
            IsPath = true,
            Help = "Write checkpoints/, logs/ and analysis_results/ in this folder.",
            Probe = new("work", OptionEffect.Files),
        },
        new OptionDefinition<RunConfiguration, int?>(
            OptionKeys.Fold,
            OptionTypes.Optional(OptionTypes.WholeNumber),
            configuration => configuration.Fold,
            (configuration, value) => configuration with { Fold = value }
        )
        {
            Group = OptionGroups.Split,
            ValueName = "K",
            Help = "Train only this fold, counted from 1.",
            Probe = new("2", OptionEffect.Files) { Setup = ["folds=3"] },
        },
        new OptionDefinition<RunConfiguration, int>(
            OptionKeys.Repeat,
            OptionTypes.WholeNumber,
            configuration => configuration.Repeat,
            (configuration, value) => configuration with { Repeat = value }
        )
        {
            Group = OptionGroups.Evaluation,
            ValueName = "R",
            Range = OptionRange.Between(1, 1000),
            UsedWhen = configuration => configuration.Repeat > 1,
            Help =
                "Train and evaluate with this number of seeds, the given one and those after it, on the same split; "
                + "the report has mean and standard deviation over them.",
            Probe = new("2", OptionEffect.Files),
        },
        new OptionDefinition<RunConfiguration, bool>(
            OptionKeys.TrainOnly,
            OptionTypes.Switch,
            configuration => configuration.TrainOnly,
            (configuration, value) => configuration with { TrainOnly = value }
        )
        {
            Group = OptionGroups.Evaluation,
            Help = "Skip the evaluation, for folds trained in parallel; resuming or evaluating the run evaluates all.",
            Probe = new("", OptionEffect.Files),
        },
        new OptionDefinition<RunConfiguration, int>(
            OptionKeys.ExplainClips,
            OptionTypes.WholeNumber,
            configuration => configuration.ExplainedClips,
            (configuration, value) => configuration with { ExplainedClips = value }
        )
        {
            Group = OptionGroups.Evaluation,
            ValueName = "N",
            Help =
                "Explain the predictions of this many evaluated clips in the report, if their recordings are still at "
                + "their paths and the encoder needs no download.",
            Unit = "clips",
            Range = OptionRange.Between(0, 20) with { ZeroMeans = "off" },
            Probe = new("0", OptionEffect.Files),
        },
        CreateReportSwitch(
            OptionKeys.WithNames,
            "Name speakers and recordings in report.html, and link the recordings; otherwise speakers are numbered, "
                + "and clips by their row of predictions.csv.",
            configuration => configuration.WithNames,
            (configuration, value) => configuration with { WithNames = value }
        ),
        CreateReportSwitch(
            OptionKeys.EmbedAudio,
            "Include the recordings of the most confident errors of the hard classes in report.html, at most 12 of "
                + "10 s; voices are personal data.",
            configuration => configuration.EmbedAudio,
            (configuration, value) => configuration with { EmbedAudio = value }
        ),
        new OptionDefinition<RunConfiguration, IReadOnlyList<string>>(
            OptionKeys.Labels,
            OptionTypes.List,
            configuration => configuration.InitialLabels,
            (configuration, value) => configuration with { InitialLabels = value }
        )
        {
            Group = OptionGroups.Network,
            ValueName = "A,B,…",
            Help = "Name the outputs of the initial model in order, for a .keras file without labels.",
            Probe = new("a,b", OptionEffect.Outcome) { Setup = ["init=keras.keras"] },
        },
    ];

    /// <summary>All options, in the order of the help.</summary>
    public static OptionTable<RunConfiguration> All { get; } =
        new([
            .. OwnOptions,
            .. ExperimentOptions.Table.Within<RunConfiguration>(
                configuration => configuration.Experiment,
                (configuration, experiment) => configuration with { Experiment = experiment }
            ),
        ]);

    private static OptionDefinition<RunConfiguration, bool> CreateReportSwitch(
        OptionKey key,
        string help,
        Func<RunConfiguration, bool> get,
        Func<RunConfiguration, bool, RunConfiguration> set
    ) =>
        new(key, OptionTypes.Switch, get, set)
        {
            Group = OptionGroups.Output,
            UsedWhen = get,
            Help = help,
            Probe = new("", OptionEffect.Contents),
        };

    /// <summary>The errors of the options that are not options of the experiment.</summary>
    public static IEnumerable<OptionError> FindErrors(RunConfiguration configuration) =>
        OwnOptions.Select(option => option.FindError(configuration)).OfType<OptionError>();
}
