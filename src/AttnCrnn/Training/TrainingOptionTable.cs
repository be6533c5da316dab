using AttnCrnn.Models;
using AttnCrnn.Models.Losses;
using AttnCrnn.Models.Optimizers;
using AttnCrnn.Options;
using AttnCrnn.Training.Averaging;
using AttnCrnn.Training.Schedules;

namespace AttnCrnn.Training;

/// <summary>
/// The table of the training options. A new option is one row here, its property in <see cref="TrainingOptions"/> and
/// its use; everything else is derived.
/// </summary>
internal static partial class TrainingOptionTable
{
    private static OptionType<NetworkVersion> Models { get; } = OptionTypes.Choice(NetworkVersions.Names);

    private static OptionType<TemporalPooling> Poolings { get; } = OptionTypes.Choice(TemporalPoolings.All);

    private static OptionType<HeadNormalization> HeadNorms { get; } = OptionTypes.Choice(HeadNormalizations.All);

    private static OptionType<HeadActivation> Activations { get; } = OptionTypes.Choice(HeadActivations.All);

    private static OptionType<BatchNormStatistics> Statistics { get; } =
        OptionTypes.Choice(("moving", BatchNormStatistics.Moving), ("recalibrated", BatchNormStatistics.Recalibrated));

    private static OptionType<TrainingRecipe> Recipes { get; } =
        OptionTypes.Choice(("default", TrainingRecipe.Default), ("original", TrainingRecipe.Original));

    private static OptionType<OptimizerAlgorithm> Optimizers { get; } = OptionTypes.Choice(OptimizerAlgorithms.All);

    private static OptionType<LossFunction> Losses { get; } = OptionTypes.Choice(LossFunctions.All);

    private static OptionType<TargetKind> TargetKinds { get; } =
        OptionTypes.Choice(("hard", TargetKind.Hard), ("soft", TargetKind.Soft));

    private static OptionType<ClassWeighting> ClassWeights { get; } =
        OptionTypes.Choice(("balanced", ClassWeighting.Balanced), ("none", ClassWeighting.None));

    private static OptionType<MonitoredMetric> Metrics { get; } =
        OptionTypes.Choice(("val_accuracy", MonitoredMetric.ValAccuracy), ("val_uar", MonitoredMetric.ValUar));

    private static OptionType<NormalizationMode> Normalizations { get; } = OptionTypes.Choice(NormalizationModes.All);

    private static OptionType<LearningRateSchedule> Schedules { get; } =
        OptionTypes.Choice([.. LearningRateSchedules.All.Select(definition => (definition.Name, definition.Schedule))]);

    private static OptionType<WeightAveraging> Averagings { get; } =
        OptionTypes.Choice([.. AveragingMethods.All.Select(definition => (definition.Name, definition.Averaging))]);

    private static OptionType<PaddingMode> Paddings { get; } =
        OptionTypes.Choice(("none", PaddingMode.None), ("longest", PaddingMode.Longest));

    /// <summary>All options, in the order of the help.</summary>
    public static OptionTable<TrainingOptions> All { get; } =
        new([.. Network, .. Optimization, .. Averaging, .. Loss, .. Augmentation, .. Preprocessing]);

    /// <summary>Applies a kind of default to all options that have it.</summary>
    public static TrainingOptions ApplyAll(
        TrainingOptions options,
        Func<ITrainingOption, TrainingOptions, TrainingOptions> apply
    )
    {
        foreach (var option in All.Options.OfType<ITrainingOption>())
            options = apply(option, options);
        return options;
    }
}
