namespace AttnCrnn.Training.Schedules;

/// <summary>A schedule, as options select it.</summary>
/// <param name="Name">Value of the option.</param>
/// <param name="Options">Options that it uses besides the learning rate, which is the highest of the training.</param>
/// <param name="Create">Creates it for a training of a number of steps: epochs times steps per epoch.</param>
internal sealed record ScheduleDefinition(
    string Name,
    LearningRateSchedule Schedule,
    IReadOnlyList<OptionKey> Options,
    Func<TrainingOptions, long, ILearningRateSchedule> Create
) : TrainingVariant(Name, Options)
{
    /// <summary>The error of options that are valid by themselves; null: there is none.</summary>
    public Func<TrainingOptions, OptionError?> FindError { get; init; } = _ => null;
}
