using AttnCrnn.Options;
using AttnCrnn.Training.Callbacks;
using AttnCrnn.Training.Checkpoints;

namespace AttnCrnn.Training.Schedules;

/// <summary>A constant learning rate, which <see cref="ReduceOnPlateau"/> reduces after an epoch.</summary>
/// <param name="learningRate">Initial learning rate.</param>
internal sealed class PlateauSchedule(float learningRate, ReduceOnPlateau reduction) : ILearningRateSchedule
{
    private float currentRate = learningRate; // float32, as in Keras

    public static ScheduleDefinition Definition { get; } =
        new(
            "plateau",
            LearningRateSchedule.Plateau,
            [OptionKeys.PlateauFactor, OptionKeys.PlateauPatience, OptionKeys.MinLearningRate],
            (options, _) =>
                new PlateauSchedule(
                    (float)options.LearningRate,
                    new(options.PlateauFactor, options.PlateauPatience!.Value, options.MinLearningRate)
                )
        );

    /// <summary>State before the first epoch.</summary>
    public static PlateauState InitialState { get; } = new(double.PositiveInfinity, 0);

    public PlateauState Plateau => reduction.State;

    public double GetLearningRate(long step) => currentRate;

    public void OnEpochEnd(double valLoss) => currentRate = reduction.OnEpochEnd(valLoss, currentRate);

    public void Restore(float learningRate, PlateauState plateau)
    {
        currentRate = learningRate;
        reduction.State = plateau;
    }
}
