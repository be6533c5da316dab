namespace AttnCrnn.Training;

/// <summary>One epoch's figures.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Loss">Mean over the training side, as the design has it: mixed targets, class weights, dropout.</param>
/// <param name="Accuracy">Against the larger share of each mixed target.</param>
/// <param name="ValLoss">Unweighted, without dropout or noise.</param>
/// <param name="LearningRate">During the epoch.</param>
public sealed record EpochMetrics(
    int Epoch,
    double Loss,
    double Accuracy,
    double ValLoss,
    double ValAccuracy,
    double ValUar,
    double LearningRate,
    double Seconds
);

/// <summary>How far a training is.</summary>
/// <param name="Step">Steps done in this epoch.</param>
/// <param name="LastEpoch">The figures of the epoch that has just ended, or null within one.</param>
/// <param name="Best">The best figure so far; null before the first epoch's end.</param>
/// <param name="Elapsed">Since this process began to train.</param>
/// <param name="ClipsPerSecond">Over that time, all of it counted.</param>
/// <param name="Remaining">At this speed, if no epoch is spared.</param>
public sealed record TrainingProgress(
    int Epoch,
    int Epochs,
    int Step,
    int Steps,
    double Loss,
    EpochMetrics? LastEpoch,
    bool IsBest,
    double? Best,
    TimeSpan Elapsed,
    double ClipsPerSecond,
    TimeSpan Remaining
);

/// <summary>What a training gave.</summary>
/// <param name="BestEpoch">Counted from 1.</param>
/// <param name="StoppedEarly">Whether patience ran out before the epochs did.</param>
public sealed record TrainingOutcome(
    string BestPath,
    string FinalPath,
    IReadOnlyList<EpochMetrics> History,
    int BestEpoch,
    bool StoppedEarly
);

/// <summary>Training cannot go on: it failed, and the message says why and what to do.</summary>
public sealed class TrainingException(string message, Exception? inner = null) : Exception(message, inner);
