namespace AttnCrnn.Training;

/// <summary>Keras' ReduceLROnPlateau: the learning rate falls when val_loss has not fallen by more than 1e-4 for some epochs.</summary>
/// <param name="factor">What the rate is multiplied by.</param>
/// <param name="patience">Epochs of standing still.</param>
/// <param name="floor">The lowest rate.</param>
public sealed class ReduceOnPlateau(double factor, int patience, double floor)
{
    private const double LeastChange = 1e-4;

    /// <summary>The lowest val_loss so far.</summary>
    public double Best { get; private set; } = double.PositiveInfinity;

    /// <summary>Epochs since.</summary>
    public int Wait { get; private set; }

    /// <summary>Takes an epoch's val_loss; NaN is never lower.</summary>
    /// <param name="rate">The learning rate of the epoch: a float32, as Keras keeps it.</param>
    /// <returns>The learning rate of the next.</returns>
    public float See(double loss, float rate)
    {
        if (loss < Best - LeastChange)
        {
            (Best, Wait) = (loss, 0);
            return rate;
        }
        if (++Wait < patience || rate <= (float)floor) return rate;
        Wait = 0;
        return (float)Math.Max(rate * factor, floor);
    }

    /// <summary>As it was after an earlier epoch.</summary>
    public void Restore(double best, int wait) => (Best, Wait) = (best, wait);
}
