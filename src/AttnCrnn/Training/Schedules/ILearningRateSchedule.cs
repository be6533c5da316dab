using AttnCrnn.Training.Checkpoints;

namespace AttnCrnn.Training.Schedules;

/// <summary>The learning rate of every step, and what changes at the end of an epoch.</summary>
internal interface ILearningRateSchedule
{
    /// <summary>
    /// State after the epochs so far, saved in checkpoints; only <see cref="PlateauSchedule"/> has one.
    /// </summary>
    PlateauState Plateau => PlateauSchedule.InitialState;

    /// <summary>Learning rate of a step.</summary>
    /// <param name="step">From 0, over the whole training; also the step after the last one.</param>
    double GetLearningRate(long step);

    /// <summary>Adam's β₁ of a step; null: that of the optimizer.</summary>
    /// <param name="step">As in <see cref="GetLearningRate"/>.</param>
    double? GetBeta1(long step) => null;

    /// <summary>Called after each epoch.</summary>
    /// <param name="valLoss">Validation loss of the epoch.</param>
    void OnEpochEnd(double valLoss) { }

    /// <summary>Restores the state of a checkpoint; nothing if the rate is a function of the step.</summary>
    /// <param name="learningRate">Learning rate of the next step.</param>
    void Restore(float learningRate, PlateauState plateau) { }
}
