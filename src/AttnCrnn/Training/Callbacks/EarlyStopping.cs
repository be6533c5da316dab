using AttnCrnn.Training.Checkpoints;

namespace AttnCrnn.Training.Callbacks;

/// <summary>Keras' EarlyStopping with the larger figure as the better: when to stop, and which epoch was best. NaN is never better.</summary>
/// <param name="patience">Epochs without a better figure.</param>
public sealed class EarlyStopping(int patience)
{
    /// <summary>What the epochs so far came to; a run is resumed with it.</summary>
    public EarlyStoppingState State { get; set; } = new(double.NegativeInfinity, 0, 0);

    /// <summary>The best figure so far.</summary>
    public double Best => State.Best;

    /// <summary>The first epoch with the best figure, from 0.</summary>
    public int BestEpoch => State.BestEpoch;

    /// <summary>Epochs since.</summary>
    public int Wait => State.Wait;

    /// <summary>Takes an epoch's figure.</summary>
    /// <returns>Whether it is the best so far, and whether to stop.</returns>
    public (bool IsBest, bool Stop) OnEpochEnd(int epoch, double metric)
    {
        if (metric > Best)
        {
            State = new(metric, epoch, 0);
            return (true, false);
        }
        State = State with { Wait = Wait + 1 };
        return (false, Wait >= patience && epoch > 0);
    }
}
