using AttnCrnn.Options;

namespace AttnCrnn.Training.Schedules;

/// <summary>The learning-rate schedules.</summary>
internal static class LearningRateSchedules
{
    /// <summary>One line per schedule, in the order of the help.</summary>
    public static IReadOnlyList<ScheduleDefinition> All { get; } =
    [
        PlateauSchedule.Definition, // Keras' ReduceLROnPlateau
        CosineSchedule.Definition, // Keras' CosineDecay; Loshchilov and Hutter 2017
        OneCycleSchedule.Definition, // PyTorch's OneCycleLR; Smith and Topin 2018
    ];

    /// <summary>The errors of the options of schedules.</summary>
    public static IEnumerable<OptionError> FindErrors(TrainingOptions options)
    {
        var unused = TrainingVariant.FindUnusedOptions(options, OptionKeys.Schedule, All);
        var invalid = All.FirstOrDefault(definition => definition.Schedule == options.Schedule)?.FindError(options);
        return invalid is null ? unused : unused.Append(invalid);
    }

    /// <summary>Whether the selected schedule uses an option.</summary>
    public static bool IsUsed(TrainingOptions options, OptionKey key) => Find(options).Options.Contains(key);

    /// <summary>Creates the selected schedule.</summary>
    /// <param name="options">Valid options with the encoder's defaults filled in.</param>
    /// <param name="steps">Steps of the whole training without early stopping.</param>
    public static ILearningRateSchedule Create(TrainingOptions options, long steps) =>
        Find(options).Create(options, steps);

    private static ScheduleDefinition Find(TrainingOptions options) =>
        All.First(definition => definition.Schedule == options.Schedule);
}
