using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Options;

namespace AttnCrnn.Runs;

/// <summary>The table of the options of an experiment: those of the training, the classes and the splits.</summary>
internal static class ExperimentOptionTable
{
    private static OptionType<SplitMethod> SplitMethods { get; } =
        OptionTypes.Choice(
            ("auto", SplitMethod.Default),
            ("speaker", SplitMethod.Speaker),
            ("random", SplitMethod.Random),
            ("manifest", SplitMethod.Manifest)
        );

    private static OptionType<LabelPreset> Presets { get; } =
        OptionTypes.Choice(
            ("six", LabelPreset.Six),
            ("iemocap4", LabelPreset.Iemocap4),
            ("iemocap6", LabelPreset.Iemocap6)
        );

    private static OptionDefinition<ExperimentOptions>[] OwnOptions { get; } =
    [
        new OptionDefinition<ExperimentOptions, IReadOnlyList<string>>(
            OptionKeys.Map,
            OptionTypes.List,
            options => options.LabelRules.Map,
            (options, value) => options with { LabelRules = options.LabelRules.WithMap(value) }
        )
        {
            Group = OptionGroups.Data,
            ValueName = "FROM=TO,…",
            Help = "Merge classes: clips of FROM get the label TO.",
            Probe = new("happy=sad", OptionEffect.Clips),
        },
        new OptionDefinition<ExperimentOptions, IReadOnlyList<string>>(
            OptionKeys.Drop,
            OptionTypes.List,
            options => options.LabelRules.Drop,
            (options, value) => options with { LabelRules = options.LabelRules with { Drop = value } }
        )
        {
            Group = OptionGroups.Data,
            ValueName = "LABEL,…",
            Help = "Leave out the clips of these labels.",
            Probe = new("happy", OptionEffect.Clips),
        },
        new OptionDefinition<ExperimentOptions, LabelPreset?>(
            OptionKeys.Preset,
            OptionTypes.Optional(Presets),
            options => options.LabelRules.Preset,
            (options, value) => options with { LabelRules = options.LabelRules with { Preset = value } }
        )
        {
            Group = OptionGroups.Data,
            ValueName = "NAME",
            Help =
                "Select a preset of classes: six, the six classes of the reference implementation; iemocap4 (excited "
                + "is happy) and iemocap6, those of publications on IEMOCAP.",
            Probe = new("six", OptionEffect.Clips),
        },
        new OptionDefinition<ExperimentOptions, double?>(
            OptionKeys.MaxSeconds,
            OptionTypes.Optional(OptionTypes.Number),
            options => options.MaxSeconds,
            (options, value) => options with { MaxSeconds = value }
        )
        {
            Group = OptionGroups.Data,
            ValueName = "SECONDS",
            Unit = "seconds",
            Range = OptionRange.LeftOpen(0, 86400),
            DefaultText = "no limit",
            Help = "Leave out clips that are longer than this; they are named.",
            Probe = new("0.3", OptionEffect.Clips),
        },
        new OptionDefinition<ExperimentOptions, double>(
            OptionKeys.MaxInvalidFraction,
            OptionTypes.Number,
            options => options.MaxInvalidFraction,
            (options, value) => options with { MaxInvalidFraction = value }
        )
        {
            Group = OptionGroups.Data,
            ValueName = "FRACTION",
            Help = "Refuse to train if more than this fraction of the clips is invalid.",
            Range = OptionRange.Between(0, 1),
            Probe = new("0", OptionEffect.Outcome),
        },
        new OptionDefinition<ExperimentOptions, string?>(
            OptionKeys.Init,
            OptionTypes.Text,
            options => options.InitialPath,
            (options, value) => options with { InitialPath = value }
        )
        {
            Group = OptionGroups.Network,
            ValueName = "FILE",
            IsPath = true,
            Help =
                "Start from the weights of this .keras file instead of random initialization; feature dimension "
                + "and labels must match.",
            Probe = new("model.keras", OptionEffect.Weights),
        },
        new OptionDefinition<ExperimentOptions, FoldCount>(
            OptionKeys.Folds,
            new FoldCountType(),
            options => options.Folds,
            (options, value) => options with { Folds = value }
        )
        {
            Group = OptionGroups.Split,
            ValueName = "N",
            Help =
                "Cross-validate over this number of folds of speakers, 3 to 1000; over speakers, one fold for each "
                + "(leave one speaker out); or over emobox, the folds that EmoBox has for a known corpus; 0 is one "
                + "train/validation/test split.",
            Probe = new("3", OptionEffect.Clips),
        },
        new OptionDefinition<ExperimentOptions, SplitMethod>(
            OptionKeys.Split,
            SplitMethods,
            options => options.Split,
            (options, value) => options with { Split = value }
        )
        {
            Group = OptionGroups.Split,
            ValueName = "METHOD",
            DefaultText = "auto; random with recipe original",
            Help =
                "Split by speaker, or by the subsets of the manifest, without the clips that it gives none; auto takes "
                + "the manifest if it has subsets, and the speakers if at least three are named, and otherwise splits "
                + "by clip; random splits by clip: "
                + "speakers are then in several sets, which overestimates performance.",
            Probe = new("random", OptionEffect.Clips),
        },
        new OptionDefinition<ExperimentOptions, ulong?>(
            OptionKeys.SplitSeed,
            OptionTypes.Optional(OptionTypes.Seed),
            options => options.SplitSeed,
            (options, value) => options with { SplitSeed = value }
        )
        {
            Group = OptionGroups.Split,
            ValueName = "N",
            DefaultText = "that of the training",
            Help = "Set the random seed of the split alone, so that trainings with other seeds have the same test set.",
            Probe = new("1", OptionEffect.Clips),
        },
        new OptionDefinition<ExperimentOptions, IReadOnlyList<string>>(
            OptionKeys.Allow,
            OptionTypes.List,
            options => options.Allow,
            (options, value) => options with { Allow = value }
        )
        {
            Group = OptionGroups.Split,
            ValueName = "leak:NAME,…",
            Help =
                "Train although equal_recordings, near_duplicates or shared_speakers are in two subsets, or although "
                + "the initial model has seen test clips (initial_model); the report says so.",
            Probe = new("leak:shared_speakers", OptionEffect.Outcome) { Setup = ["data_dirs=two_speakers"] },
        },
        new OptionDefinition<ExperimentOptions, IReadOnlyList<string>>(
            OptionKeys.TestSpeakers,
            OptionTypes.List,
            options => options.Speakers.Test,
            (options, value) => options with { Speakers = options.Speakers with { Test = value } }
        )
        {
            Group = OptionGroups.Split,
            ValueName = "SPEAKER,…",
            Help =
                "Select the speakers of the test set: names, with or without their corpus, or ranges of numbers such "
                + "as 21-24; none is no test set, and no evaluation.",
            Probe = new("s1", OptionEffect.Clips),
        },
        new OptionDefinition<ExperimentOptions, IReadOnlyList<string>>(
            OptionKeys.ValidationSpeakers,
            OptionTypes.List,
            options => options.Speakers.Validation,
            (options, value) => options with { Speakers = options.Speakers with { Validation = value } }
        )
        {
            Group = OptionGroups.Split,
            ValueName = "SPEAKER,…",
            DefaultText = "15% of the clips, by speaker",
            Help = "Select the speakers of the validation set; those in neither list are trained on.",
            Probe = new("s2", OptionEffect.Clips) { Setup = ["test_speakers=s1"] },
        },
    ];

    /// <summary>All options.</summary>
    public static OptionTable<ExperimentOptions> All { get; } =
        new([
            .. OwnOptions,
            .. Training.TrainingOptions.Table.Within<ExperimentOptions>(
                options => options.Training,
                (options, training) => options with { Training = training }
            ),
        ]);

    /// <summary>The errors of the options that are not options of the training.</summary>
    public static IEnumerable<OptionError> FindErrors(ExperimentOptions options) =>
        OwnOptions.Select(option => option.FindError(options)).OfType<OptionError>();
}
