using AttnCrnn.Training.Checkpoints;

namespace AttnCrnn.Training.Callbacks;

/// <summary>
/// Keras' EarlyStopping in mode <c>max</c>: when to stop, and which epoch was best. NaN is never an improvement.
/// </summary>
/// <param name="patience">Epochs without improvement after which training stops.</param>
public sealed class EarlyStopping(int patience)
{
    /// <summary>State after the epochs so far; saved in checkpoints.</summary>
    public EarlyStoppingState State { get; set; } = new(double.NegativeInfinity, 0, 0);

    /// <summary>Best value of the monitored metric so far.</summary>
    public double Best => State.Best;

    /// <summary>First epoch with the best value, counted from 0.</summary>
    public int BestEpoch => State.BestEpoch;

    /// <summary>Epochs since the best one.</summary>
    public int Wait => State.Wait;

    /// <summary>Updates the state with an epoch's metric.</summary>
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
