namespace AttnCrnn.Training;

/// <summary>Keras' EarlyStopping with the larger figure as the better: when to stop, and which epoch was best. NaN is never better.</summary>
/// <param name="patience">Epochs without a better figure.</param>
public sealed class EarlyStopping(int patience)
{
    /// <summary>The best figure so far.</summary>
    public double Best { get; private set; } = double.NegativeInfinity;

    /// <summary>The first epoch with the best figure, from 0.</summary>
    public int BestEpoch { get; private set; }

    /// <summary>Epochs since.</summary>
    public int Wait { get; private set; }

    /// <summary>Takes an epoch's figure.</summary>
    /// <returns>Whether it is the best so far, and whether to stop.</returns>
    public (bool IsBest, bool Stop) See(int epoch, double figure)
    {
        Wait++;
        if (figure > Best)
        {
            (Best, BestEpoch, Wait) = (figure, epoch, 0);
            return (true, false);
        }
        return (false, Wait >= patience && epoch > 0);
    }

    /// <summary>As it was after an earlier epoch.</summary>
    public void Restore(double best, int bestEpoch, int wait) => (Best, BestEpoch, Wait) = (best, bestEpoch, wait);
}
