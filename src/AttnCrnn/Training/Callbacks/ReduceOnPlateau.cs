using AttnCrnn.Training.Checkpoints;

namespace AttnCrnn.Training.Callbacks;

/// <summary>Keras' ReduceLROnPlateau: the learning rate falls when val_loss has not fallen by more than 1e-4 for some epochs.</summary>
/// <param name="factor">What the rate is multiplied by.</param>
/// <param name="patience">Epochs of standing still.</param>
/// <param name="floor">The lowest rate.</param>
public sealed class ReduceOnPlateau(double factor, int patience, double floor)
{
    private const double MinDelta = 1e-4;

    /// <summary>What the epochs so far came to; a run is resumed with it.</summary>
    public PlateauState State { get; set; } = new(double.PositiveInfinity, 0);

    /// <summary>The lowest val_loss so far.</summary>
    public double Best => State.Best;

    /// <summary>Epochs since.</summary>
    public int Wait => State.Wait;

    /// <summary>Takes an epoch's val_loss; NaN is never lower.</summary>
    /// <param name="rate">The learning rate of the epoch: a float32, as Keras keeps it.</param>
    /// <returns>The learning rate of the next.</returns>
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
