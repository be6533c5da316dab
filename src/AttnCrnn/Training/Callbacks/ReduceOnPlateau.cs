using AttnCrnn.Training.Checkpoints;

namespace AttnCrnn.Training.Callbacks;

/// <summary>
/// Keras' ReduceLROnPlateau: reduces the learning rate after epochs in which val_loss fell by no more than 1e-4.
/// </summary>
/// <param name="factor">Factor that the learning rate is multiplied by.</param>
/// <param name="patience">Epochs without improvement before a reduction.</param>
/// <param name="floor">Lower bound of the learning rate.</param>
public sealed class ReduceOnPlateau(double factor, int patience, double floor)
{
    private const double MinDelta = 1e-4;

    /// <summary>State after the epochs so far; saved in checkpoints.</summary>
    public PlateauState State { get; set; } = new(double.PositiveInfinity, 0);

    /// <summary>Lowest val_loss so far.</summary>
    public double Best => State.Best;

    /// <summary>Epochs since the lowest val_loss or the last reduction.</summary>
    public int Wait => State.Wait;

    /// <summary>Updates the state with an epoch's val_loss; NaN is never an improvement.</summary>
    /// <param name="rate">Learning rate of the epoch, float32 as in Keras.</param>
    /// <returns>Learning rate of the next epoch.</returns>
    public float OnEpochEnd(double loss, float rate)
    {
        if (loss < Best - MinDelta)
        {
            State = new(loss, 0);
            return rate;
        }
        State = State with { Wait = Wait + 1 };
        if (Wait < patience || rate <= (float)floor)
            return rate;
        State = State with { Wait = 0 };
        return (float)Math.Max(rate * factor, floor);
    }
}
